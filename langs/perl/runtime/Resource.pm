package Library::Runtime::Resource;

# The base of resources: groups of operations.

use strict;
use warnings;

use Library::Runtime::Classes   qw(install);
use Library::Runtime::Operation qw(split_id);

# class => { method => operation }
my %OPERATIONS;

sub new {
    my ( $class, $library ) = @_;

    # A closure, so that dumping a resource shows no credentials.
    return bless { library => sub { return $library } }, $class;
}

# Gives a class an operation as a method, with its twin that gives a promise; one whose result is binary
# also those that write it somewhere.
sub operation {
    my ( $class, $name, $full_name, %description ) = @_;
    declare( $class, $name, $full_name, \%description );
    return;
}

# Gives a class a further name of an operation. With "split", the first argument holds both ids of the
# path, which are split there.
sub shortcut {
    my ( $class, $name, $target, %how ) = @_;
    for my $suffix ( '', '_p' ) {
        my $method = $class->can( $target . $suffix );
        my $split  = sub {
            my ( $self, @arguments ) = @_;
            splice @arguments, 0, 1, split_id( $arguments[0], $how{split}, $name );
            return $self->$method(@arguments);
        };
        install( $class, $name . $suffix, $how{split} ? $split : $method );
    }
    return;
}

# The operation of that name.
sub find {
    my ( $class, $name ) = @_;
    return $OPERATIONS{$class}{$name};
}

# The functions below are no methods: a document may have operations of their names.

# The same; $own gives the arguments of an operation's path that a place has, by the document's names.
sub declare {
    my ( $class, $name, $full_name, $description, $own ) = @_;
    my $operation = Library::Runtime::Operation->new(
        %{$description},
        name     => $full_name,
        as       => $name,
        of_place => defined $own,
    );
    $OPERATIONS{$class}{$name} = $operation;
    install_calls(
        $class, $name,
        library => \&library_of,
        find    => sub { return $operation },
        own     => $own,
        binary  => $operation->{result} eq 'binary',
    );
    return;
}

# The library that a resource belongs to.
sub library_of {
    my ($self) = @_;
    return $self->{library}->();
}

# Installs the methods of an operation. "library" finds the library of an object, "find" the operation,
# "own" gives the arguments of the operation that the object itself has, by the document's names.
sub install_calls {
    my ( $class,   $name, %how ) = @_;
    my ( $library, $find, $own ) = @how{qw(library find own)};
    for my $suffix ( '', '_p', $how{binary} ? ( '_to', '_to_p' ) : () ) {
        my $call = "call$suffix";
        install(
            $class,
            $name . $suffix,
            sub {
                my ( $self, @arguments ) = @_;
                my $operation = $find->();
                return $library->($self)
                  ->$call( $operation, \@arguments, $own && $own->( $self, $operation ) );
            }
        );
    }
    return;
}

1;
