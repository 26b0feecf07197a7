package Library::Runtime::Download;

# Where a download goes: into a file that takes its place only when it is complete, to a handle, or to code.

use strict;
use warnings;

use Fcntl        ();
use Scalar::Util ();

use Library::Exceptions ();

my $count = 0;

# $destination is a file's path, a handle, or code that gets each piece. $progress is called with the number of bytes
# that have come, and with that of all, if it is known.
sub new {
    my ( $class, $destination, $progress ) = @_;
    my $self = bless { bytes => 0, write => $destination, progress => $progress }, $class;
    return $self if ref $destination eq 'CODE';
    if ( _is_handle($destination) ) {
        $self->{write} = sub { print {$destination} $_[0] or die "cannot write: $!\n" };
        return $self;
    }
    if ( !defined $destination || $destination eq q{} ) {
        Library::IllegalInputException->throw(
            'a download needs the path of a file, a handle, or code');
    }
    $self->{path}    = "$destination";
    $self->{partial} = join q{.}, $destination, $$ . q{-} . ++$count, 'part';
    return $self;
}

sub _is_handle {
    my ($value) = @_;
    return ref \$value eq 'GLOB' || Scalar::Util::openhandle($value);
}

# What takes each piece, with the number of all bytes, if it is known.
sub sink {
    my ($self) = @_;
    return sub {
        my ( $bytes, $total ) = @_;
        $self->_open if $self->{partial} && !$self->{file};
        $self->{write}->($bytes);
        $self->{bytes} += length $bytes;
        $self->{progress}->( $self->{bytes}, $total ) if $self->{progress};
        return;
    };
}

# Nothing is made before the server has said that there is something.
sub _open {
    my ($self)  = @_;
    my $partial = $self->{partial};
    my $flags   = Fcntl::O_WRONLY() | Fcntl::O_CREAT() | Fcntl::O_EXCL();
    sysopen my $file, $partial, $flags or die "cannot write $partial: $!\n";
    binmode $file;
    $self->{file}  = $file;
    $self->{write} = sub { print {$file} $_[0] or die "cannot write $partial: $!\n" };
    return;
}

# Called when all is there; gives the number of bytes.
sub finished {
    my ($self) = @_;
    $self->{progress}->( 0, 0 ) if $self->{progress} && !$self->{bytes};
    if ( my $partial = $self->{partial} ) {
        $self->_open if !$self->{file};
        close delete $self->{file} or die "cannot write $partial: $!\n";
        rename $partial, $self->{path} or die "cannot write $self->{path}: $!\n";
        delete $self->{partial};
    }
    return $self->{bytes};
}

# What was not finished leaves nothing behind.
sub abandoned {
    my ($self) = @_;
    return if !$self->{partial} || !$self->{file};
    close delete $self->{file};
    unlink delete $self->{partial};
    return;
}

# Gives what a promise of the answer gives when all is there.
sub finished_p {
    my ( $self, $promise ) = @_;
    return $promise->then( sub { return $self->finished } )
      ->catch( sub { $self->abandoned; die @_ } );
}

sub DESTROY {
    my ($self) = @_;
    local ( $!, $@ );
    $self->abandoned;
    return;
}

1;
