#!/usr/bin/perl

# A server that sends user events as fast as they are taken; writes its port to standard output:
# flood.pl COUNT

use strict;
use warnings;

use Digest::SHA     ();
use Mojo::IOLoop    ();
use Mojo::JSON      ();
use Mojo::WebSocket ();

# What a WebSocket's key is hashed with.
my $GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

# Bytes that are sent at once.
my $AHEAD = 1 << 18;

my %channel = (
    id          => '1700000000.1',
    name        => 'PJSIP/alice-00000001',
    state       => 'Up',
    protocol_id => '0a1b2c3d',
    caller      => { name => 'Alice', number => '100' },
    connected   => { name => q{},     number => q{} },
    accountcode => q{},
    dialplan    => {
        context  => 'default',
        exten    => '100',
        priority => 2,
        app_name => 'Stasis',
        app_data => 'b'
    },
    creationtime => '2026-01-02T03:04:05.678+0000',
    language     => 'en',
);

# As the server writes it, with a number.
sub user_event {
    my ($n) = @_;
    return Mojo::JSON::encode_json(
        {
            type        => 'ChannelUserevent',
            timestamp   => '2026-01-02T03:04:05.678+0000',
            eventname   => 'count',
            userevent   => { eventname => 'count', n => "$n" },
            channel     => \%channel,
            asterisk_id => '00:11:22:33:44:55',
            application => 'bench',
        }
    );
}

# All is made before anybody reads, whose speed is measured.
my @chunks = (q{});
for my $n ( 0 .. shift(@ARGV) - 1 ) {
    push @chunks, q{} if length $chunks[-1] > $AHEAD;
    $chunks[-1] .=
      Mojo::WebSocket::build_frame( 0, 1, 0, 0, 0, Mojo::WebSocket::WS_TEXT(), user_event($n) );
}

sub flood {
    my ( $stream, $number ) = @_;
    return if $number > $#chunks;
    $stream->write( $chunks[$number] => sub { flood( $stream, $number + 1 ) } );
    return;
}

my $acceptor = Mojo::IOLoop->server(
    { address => '127.0.0.1' },
    sub {
        my ( undef, $stream ) = @_;
        my $head = q{};
        $stream->timeout(0)->on(
            read => sub {
                $head .= $_[1];
                my ($key) = $head =~ /^Sec-WebSocket-Key:\s*(\S+).*\r\n\r\n/ims or return;
                $head = q{};
                my $accept = Digest::SHA::sha1_base64( $key . $GUID ) . q{=};
                $stream->write( "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                      . "Connection: Upgrade\r\nSec-WebSocket-Accept: $accept\r\n\r\n" );
                flood( $stream, 0 );
            }
        );
    }
);
STDOUT->autoflush;
print Mojo::IOLoop->acceptor($acceptor)->port, "\n";
Mojo::IOLoop->start;
