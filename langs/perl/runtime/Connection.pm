package Library::Runtime::Connection;

# An open WebSocket, and whether the other side still lives.

use strict;
use warnings;

use Mojo::IOLoop    ();
use Mojo::WebSocket ();
use Scalar::Util    ();
use Time::HiRes     ();

use Library::Runtime::Loop      ();
use Library::Runtime::WebSocket ();

# So often the silence is looked at within one interval.
my $LOOKS = 4;

# Seconds that a server has to answer the farewell.
my $FAREWELL = 0.3;

# Bytes of a message at most. A server that is trusted with calls is trusted with this; the
# usual limit of the module is less than what a list of many objects takes.
my $LARGEST = 64 * 1024 * 1024;

# tx: the open WebSocket. ua: what it was opened with; the connection lives as long as that.
# on_message: gets each text, as bytes. on_lost: is told once that the connection is gone. ping:
# seconds of silence after which the server is asked for a sign of life. pong: those after which
# a server that gives none is taken for gone.
sub new {
    my ( $class, %fields ) = @_;
    my $self = bless { %fields, pid => $$, heard => Time::HiRes::time(), looks => 0 }, $class;
    my $tx   = $self->{tx};
    $tx->max_websocket_size($LARGEST);
    Scalar::Util::weaken( my $weak = $self );
    Library::Runtime::WebSocket->adopt( $tx, delete $self->{on_message} );
    $tx->on( finish => sub { $weak->_lost( $_[1], $_[2] ) if $weak } );

    # Any byte is a sign of life, pings and halves of messages too.
    my $stream = Mojo::IOLoop->stream( $tx->connection );
    $stream->timeout(0);
    $stream->on(
        read => sub {
            return if !$weak;
            $weak->{heard} = Time::HiRes::time();
            $weak->{looks} = 0;
        }
    );
    $self->{timer} =
      Mojo::IOLoop->recurring( $self->{ping} / $LOOKS => sub { $weak->_look if $weak } );
    return $self;
}

sub DESTROY {
    my ($self) = @_;
    $self->close_down if ${^GLOBAL_PHASE} ne 'DESTRUCT';
    return;
}

# When the server was last heard, in seconds since the epoch.
sub heard {
    my ($self) = @_;
    return $self->{heard};
}

# Whether it is closed or lost.
sub over {
    my ($self) = @_;
    return $self->{over};
}

# Closes the connection; nothing is told of it any more. Where no loop runs, $flush lets the
# farewell still leave.
sub close_down {
    my ( $self, $flush ) = @_;
    return if $self->{over};
    $self->{over} = 1;
    Mojo::IOLoop->remove( $self->{timer} );
    my ( $tx, $ua ) = delete @{$self}{qw(tx ua on_lost)};
    $tx->turn_deaf;

    # In a child of a fork, the connection is still the parent's.
    return if $self->{pid} != $$;
    my $stream = Mojo::IOLoop->stream( $tx->connection ) or return;
    $tx->finish(1000);
    my $timer = Mojo::IOLoop->timer( $FAREWELL, sub { undef $ua } );
    $tx->on(
        finish => sub {
            Mojo::IOLoop->remove($timer);
            undef $ua;
        }
    );
    if ( $flush && !Mojo::IOLoop->is_running ) {
        Library::Runtime::Loop::alone(
            sub {
                Mojo::IOLoop->one_tick while $ua && $stream->bytes_waiting;
            }
        );
    }
    return;
}

sub _look {
    my ($self) = @_;

    # Looks are counted, not time: after a handler that ran for a minute, or a computer that
    # slept, what the server said meanwhile has yet to be read.
    $self->{looks}++;
    if ( $self->{looks} == $LOOKS ) {
        $self->{tx}->send( [ 1, 0, 0, 0, Mojo::WebSocket::WS_PING(), q{} ] );
    }
    elsif ( $self->{looks} > $LOOKS * ( 1 + $self->{pong} / $self->{ping} ) ) {
        $self->_tell("no sign of life within $self->{pong} s");
    }
    return;
}

sub _lost {
    my ( $self, $code, $reason ) = @_;
    my $why = defined $reason && length $reason ? "$code: $reason" : $code;
    $self->_tell("the connection was closed ($why)");
    return;
}

sub _tell {
    my ( $self, $reason ) = @_;
    return if $self->{over};
    my $on_lost = $self->{on_lost};
    $self->close_down;
    $on_lost->($reason);
    return;
}

1;
