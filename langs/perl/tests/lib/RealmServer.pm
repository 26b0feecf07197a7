package RealmServer;

# Starts the realm API's reference server, with data to try it with, and its Python, which $PYTHON names.

use strict;
use warnings;

use IPC::Open3 ();

# @options are those of the server's command line.
sub start {
    my ( $class, @options ) = @_;
    my @command = ( $ENV{PYTHON} // 'python3', qw(-m realm_server.main), @options );
    my $pid     = IPC::Open3::open3( my $input, my $output, '>&STDERR', @command );
    close $input;
    my $self = bless { pid => $pid, output => $output }, $class;
    my $application;
    while ( my $line = readline $output ) {
        $self->{url}                   = $1 if $line =~ /\ARealm API:\s+(\S+)/;
        $application                   = $1 if $line =~ /\bclient_id=(\S+)/;
        $self->{secrets}{$application} = $1 if $line =~ /\bclient_secret=(\S+)/;
        $self->{tokens}{$application}  = $1 if $line =~ /\A\s+token (\S+)/;
        return $self if $line =~ /\A\s+'http/;
    }
    die "the realm server did not start\n";
}

# The URL of the API.
sub url {
    my ($self) = @_;
    return $self->{url};
}

sub port {
    my ($self) = @_;
    return $self->{url} =~ m{:(\d+)/} && $1;
}

# What an application proves itself with, as options of the library.
sub credentials {
    my ( $self, $application ) = @_;
    return (
        api_url       => $self->{url},
        client_id     => $application,
        client_secret => $self->{secrets}{$application},
    );
}

# A token that the server has given to an application.
sub token {
    my ( $self, $application ) = @_;
    return $self->{tokens}{$application};
}

sub stop {
    my ($self) = @_;
    my $pid = delete $self->{pid} or return;
    local ( $?, $! );
    kill 'TERM', $pid;
    close $self->{output};
    waitpid $pid, 0;
    return;
}

sub DESTROY {
    my ($self) = @_;
    $self->stop;
    return;
}

1;
