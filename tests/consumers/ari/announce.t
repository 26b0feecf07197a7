#!perl

# The announcement, before a server that answers as an Asterisk did.

use strict;
use warnings;

use AsteriskPl;
use FindBin qw($Bin);
use IO::Socket::INET;
use Mojo::File qw(path);
use Mojo::Server::Daemon;
use Mojo::UserAgent;
use Mojolicious::Lite;
use Test::More;

my $program = "$Bin/announce.pl";
require $program;

# The server knows three channels, and notes what they are to play.
my $channels = path("$Bin/channels.json")->slurp;
my @played;
get '/ari/channels' => sub {
    my ($c) = @_;
    $c->render( data => $channels, format => 'json' );
};
post '/ari/channels/#id/play' => sub {
    my ($c) = @_;
    push @played, $c->req->url->to_string;
    $c->render( json => { id => 'p1', state => 'queued' }, status => 201 );
};
get '/played' => sub {
    my ($c) = @_;
    $c->render( json => \@played );
};

# In a process of its own, since calls block.
my $socket = IO::Socket::INET->new( Listen => 5, LocalAddr => '127.0.0.1' )
  or die "no socket: $!\n";
my $base   = 'http://127.0.0.1:' . $socket->sockport;
my $server = fork // die "no process: $!\n";
if ( !$server ) {
    app->log->level('fatal');
    Mojo::Server::Daemon->new(
        app    => app,
        listen => [ "$base?fd=" . fileno $socket ],
        silent => 1
    )->run;
    exit;
}

my $asterisk = AsteriskPl->new( api_url => "$base/ari", username => 'user', password => 'secret' );
is_deeply(
    [ announce( $asterisk, 'sound:tt-weasels' ) ],
    [qw(PJSIP/alice-00000001 PJSIP/bob-00000003)],
    'those in an application hear it'
);
is_deeply(
    Mojo::UserAgent->new->get("$base/played")->result->json,
    [
        '/ari/channels/1763791629.1/play?media=sound%3Att-weasels',
        '/ari/channels/1763791702.3/play?media=sound%3Att-weasels',
    ],
    'and nobody else'
);
kill TERM => $server;
waitpid $server, 0;

done_testing;
