package Library::Runtime::Http;

# HTTP::Tiny over connections that do not hold small packets back.
#
# HTTP::Tiny writes the head and the body of a request one after the other. On a kept-alive connection the system
# would hold the body back until the server has acknowledged the head, which servers put off for 40 ms.

use strict;
use warnings;

use parent 'HTTP::Tiny';

use Socket ();

# Not documented by HTTP::Tiny: if it opens its connections in another way one day, they are as they always were.
sub _open_handle {
    my ( $self, @arguments ) = @_;
    my $handle = $self->SUPER::_open_handle(@arguments);
    my $socket = ref $handle && eval { $handle->{fh} };
    setsockopt $socket, Socket::IPPROTO_TCP(), Socket::TCP_NODELAY(), 1 if $socket;
    return $handle;
}

1;
