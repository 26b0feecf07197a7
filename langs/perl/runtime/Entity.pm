package Library::Runtime::Entity;

# An object with operations of its own: a model whose ids tell one instance from another.

use strict;
use warnings;

use parent 'Library::Runtime::Model';

use List::Util qw(first);
use mro        ();

use Library::Runtime::Classes qw(loaded);
use Library::Runtime::Resource;

use overload
  '=='     => sub { my ( $self, $other ) = @_; return equals( $self,  $other ) },
  '!='     => sub { my ( $self, $other ) = @_; return !equals( $self, $other ) },
  fallback => 1;

# class => [ [parameter, member], … ], in the order of the path's parameters
my %IDS;

# Whether the other is the same object: of one type, with the same ids, whatever else the two say.
sub equals {
    my ( $self, $other ) = @_;
    return ref $other eq ref $self && key_of($other) eq key_of($self);
}

# Says which members hold the ids: pairs of the operations' parameter and the member.
sub identified_by {
    my ( $class, @pairs ) = @_;
    push @{ $IDS{$class} }, [ splice @pairs, 0, 2 ] while @pairs;
    return;
}

# The members that hold the ids.
sub id_members {
    my ($class) = @_;
    return map { $_->[1] } _ids($class);
}

# Gives a class operations of a resource as methods that take the ids from the object: names, or
# "method=operation" where the two differ.
sub operations_of {
    my ( $class, $resource, @names ) = @_;
    _install_all( $class, $resource, 0, @names );
    return;
}

# The same for operations whose results are binary, with the methods that write them somewhere.
sub downloads_of {
    my ( $class, $resource, @names ) = @_;
    _install_all( $class, $resource, 1, @names );
    return;
}

sub _install_all {
    my ( $class, $resource, $binary, @names ) = @_;
    for my $pair (@names) {
        my ( $method, $operation ) = split /=/, $pair;
        $operation //= $method;
        Library::Runtime::Resource::install_calls(
            $class, $method,
            library => \&library_of,
            find    => sub { return loaded($resource)->find($operation) },
            own     => \&_own,
            binary  => $binary,
        );
    }
    return;
}

sub _own {
    my ($self) = @_;
    return { map { $_->[0] => $self->{data}{ $_->[1] } } _ids( ref $self ) };
}

# The functions below are no methods: a document may have members of their names.

# The pairs that identified_by was given, of the class or of the nearest of its bases that has any.
sub _ids {
    my ($class) = @_;
    return @{ $IDS{$class} //= first { defined } @IDS{ @{ mro::get_linear_isa($class) } } };
}

# The ids of an object; empty text for one that it lacks.
sub ids_of {
    my ($entity) = @_;
    return map { $entity->{data}{ $_->[1] } // '' } _ids( ref $entity );
}

# The identity of an object as one text.
sub key_of {
    my ($entity) = @_;
    return key_text( ref $entity, ids_of($entity) );
}

# The same of a class and its ids.
sub key_text {
    my ( $class, @ids ) = @_;

    # Only what takes the key apart again is encoded.
    s/([ %\/])/sprintf '%%%02X', ord $1/ge for @ids;
    return "$class " . join '/', @ids;
}

# The library that an object came from.
sub library_of {
    my ($entity) = @_;
    my $origin = $entity->{origin};
    if ( !$origin ) {
        require Library::Exceptions;
        Library::IllegalInputException->throw(
            'this ' . ref($entity) . ' is not attached to a library: it was made from data alone' );
    }
    return $origin->{library}->();
}

# An object that a program has before the server knows of it.
sub made_here {
    my ( $class, $library, $id ) = @_;
    my ($pair) = _ids($class);
    return $class->new( { $pair->[1] => $id }, $library->origin );
}

1;
