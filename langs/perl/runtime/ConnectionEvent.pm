package Library::Runtime::ConnectionEvent;

use strict;
use warnings;

use POSIX ();

use Library::Runtime::Moment ();

sub new {
    my ( $class, $type, %members ) = @_;
    return bless { %members, type => $type }, $class;
}

sub type         { my ($self) = @_; return $self->{type} }
sub since        { my ($self) = @_; return _moment( $self->{since} ) }
sub reason       { my ($self) = @_; return $self->{reason} }
sub missed_from  { my ($self) = @_; return _moment( $self->{missed_from} ) }
sub missed_to    { my ($self) = @_; return _moment( $self->{missed_to} ) }
sub applications { my ($self) = @_; return $self->{applications} }

sub TO_JSON {
    my ($self) = @_;
    my %members = map { $_ => $self->$_ } keys %{$self};
    return \%members;
}

# As a server would write it.
sub _moment {
    my ($epoch) = @_;
    return if !defined $epoch;
    my $microseconds = sprintf '%06d', ( $epoch - int $epoch ) * 1_000_000;
    my $text         = POSIX::strftime( '%Y-%m-%dT%H:%M:%S', gmtime $epoch );
    return Library::Runtime::Moment->parse("$text.${microseconds}Z");
}

1;

__END__

=encoding utf8

=head1 NAME

Library::Runtime::ConnectionEvent - what the library itself tells of its event connection

=head1 SYNOPSIS

    $library->add_event_handler(
        ConnectionLost => sub {
            my ($event) = @_;
            print 'no events since ', $event->since, ' because ', $event->reason, "\n";
        }
    );
    $library->add_event_handler(
        ConnectionRestored => sub {
            my ($event) = @_;
            print 'missed ', $event->missed_from, ' to ', $event->missed_to, "\n";
        }
    );

=head1 DESCRIPTION

These events come to handlers on the library, and to its C<wait_for>.

=head2 ConnectionLost

The connection to the server is gone; the library tries to get it back.

=head2 ConnectionRestored

The connection is back and everything that was subscribed to is so again. Events between the two
moments may be missing: a program that keeps state reads it anew.

=head2 ConnectionReplaced

Another program has taken this one's place; no event will come any more. The library does not
reconnect: it would take the place back, and so the two would go on for ever.

=head1 METHODS

=head2 type

The event's name.

=head2 since

Of C<ConnectionLost>: when the server was last heard; events after that may be missing. As a
number this is the seconds since the epoch, as text it is ISO 8601.

=head2 reason

Of C<ConnectionLost>: why the connection is gone, for people.

=head2 missed_from

Of C<ConnectionRestored>: when the server was last heard on the connection that was lost.

=head2 missed_to

Of C<ConnectionRestored>: when the subscriptions were complete again.

=head2 applications

Of C<ConnectionReplaced>: the applications that were taken over, an array reference.

=cut
