package Library::Runtime::WebSocket;

# A WebSocket that reads whole texts, which is what servers of events send, in one step. All
# else goes its usual way, which takes several times as long.

use strict;
use warnings;

use parent 'Mojo::Transaction::WebSocket';

# The first byte of a text that is no piece of one.
my $WHOLE_TEXT = 0x81;

# Makes an open WebSocket one of these. $on_text gets each text, as bytes.
sub adopt {
    my ( $class, $tx, $on_text ) = @_;
    $tx->on( text => sub { $_[0]{on_text}->( $_[1] ) if $_[0]{on_text} } );
    $tx->{on_text} = $on_text;
    return bless $tx, $class;
}

# From now on, what comes is nobody's.
sub turn_deaf {
    my ($self) = @_;
    delete $self->{on_text};
    return;
}

sub client_read {
    my ( $self, $chunk ) = @_;
    my $unread = \$self->{unread};
    ${$unread} .= $chunk;
    my $size    = length ${$unread};
    my $largest = $self->max_websocket_size;
    my $at      = 0;
    while ( $size - $at >= 2 ) {
        my $length = vec ${$unread}, $at + 1, 8;
        my $start  = $at + 2;
        if ( $length == 126 ) {
            last if $size < $start + 2;
            $length = ( vec( ${$unread}, $start, 8 ) << 8 ) + vec ${$unread}, $start + 1, 8;
            $start += 2;
        }
        elsif ( $length > 126 ) {
            last if $size < $start + 8;

            # Servers mask nothing, and nothing is as long as what takes more than half of these
            # bytes.
            my ( $high, $low ) = unpack 'NN', substr ${$unread}, $start, 8;
            $length = $length == 127 && !$high ? $low : $largest + 1;
            $start += 8;
        }
        if ( $length > $largest ) {
            $self->finish(1009);
            $at = $size;
            last;
        }
        my $end = $start + $length;
        last if $end > $size;
        if ( vec( ${$unread}, $at, 8 ) == $WHOLE_TEXT ) {
            my $on_text = $self->{on_text};
            $on_text->( substr ${$unread}, $start, $length ) if $on_text;
        }
        else {
            $self->SUPER::client_read( substr ${$unread}, $at, $end - $at );
        }
        $at = $end;
    }
    substr ${$unread}, 0, $at, q{};
    return;
}

1;
