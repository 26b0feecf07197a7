package Library::Runtime::Body;

# The body of a request that is read while it is sent: bytes, files and whatever can be read, one after
# the other.

use strict;
use warnings;

use Fcntl        ();
use List::Util   qw(sum0);
use Scalar::Util qw(blessed openhandle);

use Library::Exceptions ();

my $BLOCK = 65_536;

# What a body is made of: references to bytes, paths of files, handles, or objects that can be read. Where
# all of it is bytes, these are the body.
sub of {
    my (@sources) = @_;
    my @pieces    = map { _piece($_) } @sources;
    return join q{}, map { ${ $_->{bytes} } } @pieces if !grep { !$_->{bytes} } @pieces;
    return bless { pieces => \@pieces, next => 0 }, __PACKAGE__;
}

# Whether something can be read.
sub is_source {
    my ($value) = @_;
    return openhandle($value) || ( blessed $value && $value->can('read') );
}

# A body that calls $progress with the number of bytes that are on the way, and with that of all, if it is known.
sub watched {
    my ( $body, $progress ) = @_;
    my $watched = ref $body ? $body : bless { pieces => [ _piece( \$body ) ], next => 0 },
      __PACKAGE__;
    @{$watched}{qw(progress done)} = ( $progress, 0 );
    return $watched;
}

# The number of bytes, if it is known.
sub size {
    my ($self) = @_;
    my @sizes  = map { $_->{size} } @{ $self->{pieces} };
    return if grep { !defined } @sizes;
    return sum0(@sizes);
}

# The next bytes; none at the end.
sub read_block {
    my ($self) = @_;
    while ( my $piece = $self->{pieces}[ $self->{next} ] ) {
        my $block = _next_of($piece);
        return $self->_told($block) if length $block;
        _closed($piece);
        $self->{next}++;
    }
    return q{};
}

sub _told {
    my ( $self, $block ) = @_;
    $self->{progress}->( $self->{done} += length $block, scalar $self->size )
      if $self->{progress};
    return $block;
}

# Whether it can be sent once more.
sub can_rewind {
    my ($self) = @_;
    return !grep { $_->{begun} && $_->{source} && !defined $_->{start} } @{ $self->{pieces} };
}

# Goes back to the beginning.
sub rewind {
    my ($self) = @_;
    for my $piece ( @{ $self->{pieces} } ) {
        _closed($piece);
        seek $piece->{source}, $piece->{start}, Fcntl::SEEK_SET()
          if $piece->{begun} && $piece->{source};
        delete @{$piece}{qw(begun sent)};
    }
    @{$self}{qw(next done)} = ( 0, 0 );
    return;
}

sub _piece {
    my ($source) = @_;
    return { bytes => $source, size => length ${$source} }
      if ref $source eq 'SCALAR' && defined ${$source} && !utf8::is_utf8( ${$source} );
    if ( ref $source eq 'SCALAR' && defined ${$source} ) {
        my $bytes = ${$source};
        utf8::downgrade( $bytes, 1 )
          or _refuse('the bytes hold characters that are none: encode them');
        return { bytes => \$bytes, size => length $bytes };
    }
    return _measured($source) if is_source($source);
    _refuse('there is no file: the path of one, a handle or a reference to bytes is wanted')
      if !defined $source || ref $source || $source eq q{};
    my $file = _opened($source);
    _refuse("the file $source cannot be read: it is a folder") if -d $file;
    my $piece = { path => $source, -f _ ? ( size => -s _ ) : () };
    close $file;
    return $piece;
}

# A handle, from where it stands, with its size if it can go back.
sub _measured {
    my ($source) = @_;
    my %piece = ( source => $source );
    if ( openhandle($source) && ( fileno($source) // -1 ) >= 0 ) {
        _refuse('a handle is open for text: open it with :raw')
          if grep { /\A(?:utf8|encoding|crlf)/ } PerlIO::get_layers($source);
        if ( -f $source ) {
            $piece{start} = tell $source;
            $piece{size}  = ( -s $source ) - $piece{start};
            $piece{size}  = 0 if $piece{size} < 0;
        }
    }
    return \%piece;
}

sub _next_of {
    my ($piece) = @_;
    my $sent    = $piece->{sent} // 0;
    my $size    = $piece->{size};

    # What a file has got since it was measured would be taken for another request.
    my $wanted = defined $size && $size - $sent < $BLOCK ? $size - $sent : $BLOCK;
    return q{} if !$wanted;
    $piece->{begun} = 1;
    my $block = q{};
    if ( $piece->{bytes} ) {
        $block = substr ${ $piece->{bytes} }, $sent, $wanted;
    }
    else {
        $block = _read( $piece, $wanted );
        _refuse('a file became shorter while it was sent') if $block eq q{} && defined $size;
    }
    $piece->{sent} = $sent + length $block;
    return $block;
}

sub _read {
    my ( $piece, $wanted ) = @_;
    my $source = $piece->{source};
    $source //= $piece->{file} //= _opened( $piece->{path} );
    my $block = q{};
    my $count =
      openhandle($source)
      ? read $source, $block, $wanted
      : $source->read( $block, $wanted );
    _refuse("a file cannot be read: $!") if !defined $count;
    return $block;
}

sub _opened {
    my ($path) = @_;
    open my $file, '<:raw', $path or _refuse("the file $path cannot be read: $!");
    return $file;
}

sub _closed {
    my ($piece) = @_;
    my $file = delete $piece->{file} or return;
    close $file;
    return;
}

sub _refuse {
    my ($why) = @_;
    return Library::IllegalInputException->throw($why);
}

1;
