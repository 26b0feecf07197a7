package Library::Runtime::Place;

# The base of places: points of the API's paths, each with the ids on the way to it.

use strict;
use warnings;

use parent 'Library::Runtime::Resource';

use Library::Exceptions        ();
use Library::Runtime::Classes  qw(install loaded);
use Library::Runtime::Resource ();

sub new {
    my ( $class, $library, @ids ) = @_;
    my $self = $class->SUPER::new($library);
    $self->{ids} = \@ids;
    return $self;
}

# Gives a class an operation as a method; see Resource.
sub operation {
    my ( $class, $name, $full_name, %description ) = @_;
    Library::Runtime::Resource::declare( $class, $name, $full_name, \%description, \&_own );
    return;
}

# Gives a class accessors of the places below it: name => class, or name => [ class, what the way there takes ].
sub places {
    my ( $class, @places ) = @_;
    install_places( $class, sub { my ($self) = @_; return $self->{library}->(), @{ $self->{ids} } },
        @places );
    return;
}

# Gives a class operations of another place as methods: names, or "method=operation" where the two differ.
sub operations_of {
    my ( $class, $place, @names ) = @_;
    _install_all( $class, $place, 0, @names );
    return;
}

# The same for operations whose result is binary.
sub downloads_of {
    my ( $class, $place, @names ) = @_;
    _install_all( $class, $place, 1, @names );
    return;
}

# Gives a class a method that makes an iterator of what another method lists. "items" is the attribute of the result
# that holds the list, if that is not the result itself.
sub iterator {
    my ( $class, $name, $listing, %how ) = @_;
    install(
        $class, $name,
        sub {
            my ( $self, @arguments ) = @_;
            my $operation = $class->find($listing);
            return loaded('Library::Runtime::Iterator')->new(
                library   => $self->{library}->(),
                operation => $operation,
                name      => $name,
                given     => [ \@arguments, _own( $self, $operation ) ],
                %how,
            );
        }
    );
    return;
}

# The functions below are no methods: a document may have words of their names.

# Gives any class accessors of places; $from gives the library of an object, and the ids on the way to it.
sub install_places {
    my ( $class, $from, @places ) = @_;
    while ( my ( $name, $place ) = splice @places, 0, 2 ) {
        my ( $there, @takes ) = ref $place ? @{$place} : $place;
        install(
            $class, $name,
            sub {
                my ( $self, @given ) = @_;
                return loaded($there)->new( $from->($self), _taken( $name, \@takes, @given ) );
            }
        );
    }
    return;
}

# The ids as arguments of an operation, by the document's names: the first ones of its path, whatever it calls them.
sub _own {
    my ( $self, $operation ) = @_;
    my @ids   = @{ $self->{ids} } or return;
    my @names = $operation->{path} =~ m{(?<=/)\{([^{}]*)\}(?=/|\z)}g;
    my %own;
    @own{ @names[ 0 .. $#ids ] } = @ids;
    return \%own;
}

sub _install_all {
    my ( $class, $place, $binary, @names ) = @_;
    for my $pair (@names) {
        my ( $method, $operation ) = split /=/, $pair;
        $operation //= $method;
        Library::Runtime::Resource::install_calls(
            $class, $method,
            library => \&Library::Runtime::Resource::library_of,
            find    => sub { return loaded($place)->find($operation) },
            own     => \&_own,
            binary  => $binary,
        );
    }
    return;
}

# The ids that an accessor was given, with or without their names.
sub _taken {
    my ( $name, $takes, @given ) = @_;
    my $count = @{$takes};
    my $names = join ' and ', @{$takes};
    if ( $count && @given == 2 * $count && !grep { !defined } @given ) {
        my %named = @given;
        @given = @named{ @{$takes} } if $count == grep { exists $named{$_} } @{$takes};
    }
    _refuse( $name, $count ? "it takes $names alone" : 'it takes nothing' ) if @given > $count;
    for my $number ( 0 .. $#{$takes} ) {
        _refuse( $name, "$takes->[$number] is missing: the way there needs it" )
          if !defined $given[$number];
    }
    return @given;
}

sub _refuse {
    my ( $name, $why ) = @_;
    return Library::IllegalInputException->throw("$name: $why");
}

1;
