package Library::Runtime::Failure;

# What it means that no response came.

use strict;
use warnings;

use Exporter qw(import);

use Library::Exceptions ();

our @EXPORT_OK = qw(is_repeatable no_answer no_answer_in_time);

# What may be done twice without harm.
my %IS_REPEATABLE = map { $_ => 1 } qw(GET HEAD PUT DELETE);

sub is_repeatable {
    my ($request) = @_;
    return $IS_REPEATABLE{ $request->{method} }
      && ( !ref $request->{body} || $request->{body}->can_rewind );
}

# The exception for a connection that could not be made, or that broke.
sub no_answer {
    my ( $request, $why ) = @_;
    my ($place) = $request->{url} =~ m{\A(\w+://[^/]+)};
    $why = 'connection refused: is the server running there?' if $why =~ /refused/i;
    $why =~ s/\s+\z//;
    return Library::ConnectionFailedException->new( "$place: $why", _place($request) );
}

sub no_answer_in_time {
    my ($request) = @_;
    return Library::TimeoutException->new( "no answer within $request->{timeout} s",
        _place($request) );
}

sub _place {
    my ($request) = @_;
    return ( method => $request->{method}, path => $request->{path} );
}

1;
