package Library::Runtime::Failure;

# What it means that no response came.

use strict;
use warnings;

use Exporter   qw(import);
use List::Util qw(first);

use Library::Exceptions ();

our @EXPORT_OK = qw(is_number is_repeatable no_answer no_answer_in_time told);

# What may be done twice without harm.
my %IS_REPEATABLE = map { $_ => 1 } qw(GET HEAD PUT DELETE);

sub is_repeatable {
    my ($request) = @_;
    return $IS_REPEATABLE{ $request->{method} }
      && ( !ref $request->{body} || $request->{body}->can_rewind );
}

# What the server says of its error in an object of JSON: for people, and its own word for it. @names are the
# members that may say the first.
sub told {
    my ( $answer, @names ) = @_;
    my $said   = first { _is_said( $answer->{$_} ) } @names;
    my @others = grep { !defined $said || $_ ne $said } qw(status code error);
    my $code   = first { _is_said( $answer->{$_} ) && !is_number( $answer->{$_} ) } @others;
    return map { defined ? $answer->{$_} : undef } $said, $code;
}

sub _is_said {
    my ($value) = @_;
    return defined $value && !ref $value && length $value;
}

# Whether JSON had a number there, and not a text that looks like one.
sub is_number {
    my ($value) = @_;

    # Texts of other signs know no such operator.
    return $value =~ /\A[-+.0-9eE]+\z/ && ( $value ^ $value ) eq '0';
}

# The exception for a connection that could not be made, or that broke.
sub no_answer {
    my ( $request, $why ) = @_;
    my $place = join q{}, $request->{url} =~ m{\A(\w+://)(?:[^/\@]*\@)?([^/]+)};
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
