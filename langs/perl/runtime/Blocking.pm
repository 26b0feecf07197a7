package Library::Runtime::Blocking;

# Blocking requests over HTTP::Tiny with a kept-alive connection.

use strict;
use warnings;

use HTTP::Tiny;

use Library::Exceptions;

sub new {
    my ( $class, $settings ) = @_;
    my $http = HTTP::Tiny->new( keep_alive => 1, max_redirect => 0, verify_SSL => 1 );
    return bless { http => $http }, $class;
}

sub send {
    my ( $self, $request ) = @_;
    my $http = $self->{http};
    $http->timeout( $request->{timeout} );
    my %options = ( headers => $request->{headers} );
    $options{content} = $request->{body} if defined $request->{body};
    my $answer = $http->request( $request->{method}, $request->{url}, \%options );
    Library::ConnectionFailedException->throw(
        $answer->{content} =~ s/\s+\z//r,
        method => $request->{method},
        path   => $request->{path}
    ) if !$answer->{protocol};
    return {
        status       => $answer->{status},
        reason       => $answer->{reason},
        headers      => $answer->{headers},
        content_type => lc( ( $answer->{headers}{'content-type'} // '' ) =~ s/\s*;.*//sr ),
        body         => $answer->{content} // '',
    };
}

1;
