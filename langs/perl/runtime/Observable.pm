package Library::Runtime::Observable;

use strict;
use warnings;

use Library::Exceptions ();

sub add_event_handler {
    my ( $self, $event, $handler ) = @_;
    my ( $stream, $key ) = $self->_observed;
    $stream->add( $key, $event, $handler, 0 );
    return;
}

sub remove_event_handler {
    my ( $self, $event, $handler ) = @_;
    my ( $stream, $key ) = $self->_observed;
    $stream->remove( $key, $event, $handler );
    return;
}

sub once {
    my ( $self, $event, $handler ) = @_;
    my ( $stream, $key ) = $self->_observed;
    $stream->add( $key, $event, $handler, 1 );
    return;
}

sub wait_for {
    my ( $self, $event, @options ) = @_;
    my ( $settled, $found, $error );
    my $leave = $self->_awaited(
        $event,
        \@options,
        sub {
            ( $found, $error ) = @_;
            $settled = 1;
        }
    );
    my $turned = eval {
        Library::Runtime::Loop::turn_until( sub { $settled } );
        1;
    };
    if ( !$turned ) {
        my $interrupted = $@;
        $leave->();
        die $interrupted;
    }
    die $error if $error;
    return $found;
}

sub wait_for_p {
    my ( $self, $event, @options ) = @_;
    require Mojo::Promise;
    my $promise = Mojo::Promise->new;
    my $begun   = eval {
        $self->_awaited(
            $event,
            \@options,
            sub {
                my ( $found, $error ) = @_;
                if   ($error) { $promise->reject($error) }
                else          { $promise->resolve($found) }
                return;
            }
        );
    };
    $promise->reject($@) if !$begun;
    return $promise;
}

sub _awaited {
    my ( $self, $event, $options, $done ) = @_;
    if ( @{$options} % 2 ) {
        Library::IllegalInputException->throw(
            'wait_for takes the name of an event, and then names and values');
    }
    my %options = @{$options};
    if ( my ($unknown) = grep { $_ ne 'timeout' } sort keys %options ) {
        Library::IllegalInputException->throw("wait_for has no option $unknown; there is timeout");
    }
    my ( $stream, $key, $since ) = $self->_observed;
    my %wanted = ( timeout => $options{timeout}, since => $since, seen => $self->{seen} ||= {} );
    return $stream->wait_for( $key, $event, \%wanted, $done );
}

1;

__END__

=encoding utf8

=head1 NAME

Library::Runtime::Observable - what handlers can be put on: the library and its objects

=head1 SYNOPSIS

    $library->add_event_handler(
        StasisStart => sub {
            my ($event) = @_;
            return $event->channel->answer_p;
        }
    );

=head1 DESCRIPTION

A handler is called with one argument, the event. Handlers run in order, one at a time for each
object, those of the library before those of the object. An event that names several objects
runs in the queue of the first of them.

A handler that returns a promise occupies its queue until the promise is settled, and no other:
this is how a handler serves a whole call. A handler may also make calls that block. They turn
the event loop until the answer is there: events are read and queued meanwhile, but no other
handler starts, of no object.

A handler that dies is reported and hurts no other. The handlers of an object are dropped when
it ends, so that a program that runs for months does not grow.

=head1 METHODS

=head2 add_event_handler($event, $handler)

Calls C<< $handler->($event) >> for every event of that name; on an object, for those that name
it. A base type means all its subtypes.

=head2 remove_event_handler($event, $handler)

Takes a handler away that C<add_event_handler> or C<once> put on.

=head2 once($event, $handler)

Like C<add_event_handler>, for the first such event only.

=head2 wait_for($event, timeout => $seconds)

Waits for an event and returns it; after 60 seconds, or those given (C<'inf'> for as long as it
takes), it dies of a C<TimeoutException>. It also finds what has come since the call, or the
event, that made this object. Each event is found once. Once the object has ended, and the event
has not come, it dies of an C<IllegalStateException>.

=head2 wait_for_p($event, timeout => $seconds)

The same with a L<Mojo::Promise>.

=cut
