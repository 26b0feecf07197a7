package Library::Runtime::Handlers;

# The registered handlers: those of the library and those of each object.

use strict;
use warnings;

use Scalar::Util ();

use Library::Runtime::History ();

sub new {
    my ($class) = @_;
    return bless { tables => {}, number => 0 }, $class;
}

# Registers a handler for events of a name, after those that are there.
sub add {
    my ( $self, $key, $name, $handler, $once ) = @_;
    $self->{number}++;
    my $registration = {
        name    => $name,
        handler => $handler,
        once    => $once,
        number  => $self->{number},
        removed => 0,
    };

    # What is read while an event is handled is never changed, only replaced.
    $self->{tables}{$key} = [ @{ $self->table($key) }, $registration ];
    return;
}

# Takes the first registration of a handler away; whether there was one.
sub remove {
    my ( $self, $key, $name, $handler ) = @_;
    for my $registration ( @{ $self->table($key) } ) {
        next if $registration->{name} ne $name;
        next
          if Scalar::Util::refaddr( $registration->{handler} ) != Scalar::Util::refaddr($handler);
        $self->take_out( $key, $registration );
        return 1;
    }
    return 0;
}

# Takes a registration away.
sub take_out {
    my ( $self, $key, $registration ) = @_;
    $registration->{removed} = 1;
    $self->_keep( $key, grep { $_ != $registration } @{ $self->table($key) } );
    return;
}

# All registrations of an object or of the library.
sub table {
    my ( $self, $key ) = @_;
    return $self->{tables}{$key} || [];
}

# Drops an object's handlers, those up to a number if there is one: later ones are for a new
# object with the same id. An event of the object that is held up in the queue of another still
# gets to them, so they are not marked as removed.
sub drop {
    my ( $self, $key, $up_to ) = @_;
    $self->_keep( $key,
        defined $up_to ? grep { $_->{number} > $up_to } @{ $self->table($key) } : () );
    return;
}

# The number of the newest registration.
sub newest {
    my ($self) = @_;
    return $self->{number};
}

# All tables by their keys, for who looks often; not to be changed.
sub tables {
    my ($self) = @_;
    return $self->{tables};
}

# The objects that have handlers.
sub objects {
    my ($self) = @_;
    return grep { $_ ne Library::Runtime::History::LIBRARY } keys %{ $self->{tables} };
}

sub _keep {
    my ( $self, $key, @table ) = @_;
    if (@table) { $self->{tables}{$key} = \@table }
    else        { delete $self->{tables}{$key} }
    return;
}

1;
