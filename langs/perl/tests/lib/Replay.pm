package Replay;

# Starts the replay server, which plays scenarios.

use strict;
use warnings;

use IPC::Open2 ();
use Mojo::JSON ();

# Plays the scenarios of a folder or file: $SCENARIOS, with the Python that $PYTHON names.
sub start {
    my ($class)   = @_;
    my $scenarios = $ENV{SCENARIOS} // 'test_resources/conformance';
    my @command   = ( $ENV{PYTHON} // 'python3', qw(-m replay.server --scenarios), $scenarios );
    my $pid       = IPC::Open2::open2( my $output, my $input, @command );
    my $line      = readline $output;
    die "the replay server did not start\n" if !defined $line;
    return
      bless { pid => $pid, input => $input, control => Mojo::JSON::decode_json($line)->{control} },
      $class;
}

sub control {
    my ($self) = @_;
    return $self->{control};
}

# It serves until its standard input ends.
sub DESTROY {
    my ($self) = @_;
    local ( $?, $! );
    close $self->{input};
    waitpid $self->{pid}, 0;
    return;
}

1;
