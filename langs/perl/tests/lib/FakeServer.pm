package FakeServer;

# A server with a WebSocket for events that does what a test says, in the loop of the test.

use strict;
use warnings;

use Digest::SHA     ();
use Mojo::IOLoop    ();
use Mojo::JSON      ();
use Mojo::Promise   ();
use Mojo::WebSocket ();
use Scalar::Util    ();

# What a WebSocket's key is hashed with.
my $GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

sub new {
    my ($class) = @_;
    my $self = bless {

        # The WebSockets, in the order in which they came: stream, target, headers and what came.
        sockets => [],

        # The requests that were no upgrades: method and target.
        requests => [],

        # What an upgrade is answered: a status that refuses it, 0 for nothing at all, 101 for a
        # WebSocket.
        upgrades => 101,

        # Called at each upgrade.
        on_upgrade => sub { },

        # Answers a request: status, JSON and headers, or a promise of them; nothing means no
        # answer.
        answer => sub { return 200, {} },

        # Whether pings are answered.
        pongs => 1,
        open  => {},
    }, $class;
    Scalar::Util::weaken( my $weak = $self );
    $self->{acceptor} = Mojo::IOLoop->server(
        { address => '127.0.0.1' },
        sub {
            my ( undef, $stream, $id ) = @_;
            $stream->timeout(0);
            $weak->{open}{$id} = $stream;
            my $buffer = q{};
            $stream->on( read => sub { $buffer .= $_[1]; $weak->_requested( $stream, \$buffer ) } );
            $stream->on( close => sub { delete $weak->{open}{$id} if $weak } );
            $stream->on( error => sub { } );
        }
    );
    $self->{port} = Mojo::IOLoop->acceptor( $self->{acceptor} )->port;
    return $self;
}

sub url {
    my ($self) = @_;
    return "http://127.0.0.1:$self->{port}/ari";
}

# How many connections are open.
sub connections {
    my ($self) = @_;
    return scalar keys %{ $self->{open} };
}

# The newest WebSocket.
sub socket {
    my ($self) = @_;
    return $self->{sockets}[-1];
}

# Sends events over the newest WebSocket.
sub send_events {
    my ( $self, @events ) = @_;
    $self->send_text( Mojo::JSON::encode_json($_) ) for @events;
    return;
}

# Sends bytes as texts over the newest WebSocket.
sub send_text {
    my ( $self, @texts ) = @_;
    $self->send_frame( 1, Mojo::WebSocket::WS_TEXT(), $_ ) for @texts;
    return;
}

sub send_frame {
    my ( $self, $fin, $op, $payload ) = @_;
    my $frame = Mojo::WebSocket::build_frame( 0, $fin, 0, 0, 0, $op, $payload );
    $self->socket->{stream}->write($frame);
    return;
}

# Cuts all connections without a word.
sub cut {
    my ($self) = @_;
    $_->close for values %{ $self->{open} };
    return;
}

sub stop {
    my ($self) = @_;
    $self->cut;
    Mojo::IOLoop->remove( $self->{acceptor} );
    return;
}

sub _requested {
    my ( $self, $stream, $buffer ) = @_;
    my $socket = $self->{sockets_of}{$stream};
    return $self->_framed( $socket, $buffer ) if $socket;
    while ( ${$buffer} =~ /\A(\w+) (\S+) HTTP.*?\r\n(.*?)\r\n\r\n/s ) {
        my ( $method, $target, $lines, $end ) = ( $1, $2, $3, $+[0] );
        my %headers = map { /\A(\S+?):\s*(.*)\z/s ? ( lc $1 => $2 ) : () } split /\r\n/, $lines;
        my $length  = $headers{'content-length'} || 0;
        return if length ${$buffer} < $end + $length;
        my $body = substr ${$buffer}, $end, $length;
        substr ${$buffer}, 0, $end + $length, q{};
        if ( $headers{'sec-websocket-key'} ) {
            $self->_upgrade( $stream, $target, \%headers );
            return;
        }
        $target =~ s{\A/ari}{};
        push @{ $self->{requests} }, "$method $target";
        Mojo::Promise->resolve( $self->{answer}->( $method, $target, $body, $stream ) )->then(
            sub {
                my ( $status, $json, $more ) = @_;
                $self->_respond( $stream, $status, $json, $more ) if $status;
            }
        );
    }
    return;
}

sub _respond {
    my ( $self, $stream, $status, $json, $more ) = @_;
    my $body    = Mojo::JSON::encode_json($json);
    my %headers = (
        'Content-Type'   => 'application/json',
        'Content-Length' => length $body,
        %{ $more || {} }
    );
    my $head = join q{}, map { "$_: $headers{$_}\r\n" } sort keys %headers;
    $stream->write("HTTP/1.1 $status Any\r\n$head\r\n$body");
    return;
}

sub _upgrade {
    my ( $self, $stream, $target, $headers ) = @_;
    $self->{on_upgrade}->( $target, $headers );
    my $status = $self->{upgrades};
    return if !$status;
    if ( $status != 101 ) {
        $stream->write("HTTP/1.1 $status No\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    my $accept = Digest::SHA::sha1_base64( $headers->{'sec-websocket-key'} . $GUID ) . q{=};
    $stream->write( "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
          . "Connection: Upgrade\r\nSec-WebSocket-Accept: $accept\r\n\r\n" );
    my $socket = { stream => $stream, target => $target, headers => $headers, frames => [] };
    push @{ $self->{sockets} }, $self->{sockets_of}{$stream} = $socket;
    return;
}

sub _framed {
    my ( $self, $socket, $buffer ) = @_;
    while ( my $frame = Mojo::WebSocket::parse_frame( $buffer, 1 << 20 ) ) {
        push @{ $socket->{frames} }, $frame;
        my ( $op, $payload ) = @{$frame}[ 4, 5 ];
        my $answer =
            $op == Mojo::WebSocket::WS_PING() && $self->{pongs} ? Mojo::WebSocket::WS_PONG()
          : $op == Mojo::WebSocket::WS_CLOSE()                  ? Mojo::WebSocket::WS_CLOSE()
          :                                                       next;
        my $bytes = Mojo::WebSocket::build_frame( 0, 1, 0, 0, 0, $answer, $payload );
        $socket->{stream}->write($bytes);
        $socket->{stream}->close_gracefully if $op == Mojo::WebSocket::WS_CLOSE();
    }
    return;
}

1;
