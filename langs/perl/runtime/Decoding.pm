package Library::Runtime::Decoding;

# Types that are more than a word: lists and maps of these, and values of one of several types.
#
# Such a type is a hash: { list => TYPE }, { map => TYPE }, or { one_of => [ type => TYPE, … ] }, with "by", the
# member that tells objects apart, and "models", what its values mean.

use strict;
use warnings;

use List::Util   qw(all first);
use Scalar::Util qw(blessed);

use Library::Runtime::Classes qw(loaded);
use Library::Runtime::Failure qw(is_number);
use Library::Runtime::Model   ();

# What makes a value of JSON into one for the program; see Model.
sub decoder_of {
    my ($type) = @_;
    if ( $type->{one_of} ) {
        return sub {
            my ( $value, $origin ) = @_;
            my $chosen  = type_of( $type, $value );
            my $decoder = defined $chosen && Library::Runtime::Model::decoder($chosen);
            return $decoder ? $decoder->( $value, $origin ) : $value;
        };
    }
    my ( $kind, $item ) = %{$type};
    return Library::Runtime::Model::container( $kind, Library::Runtime::Model::decoder($item) );
}

# Which of several types a value has, if any.
sub type_of {
    my ( $type, $value ) = @_;
    my @types = List::Util::pairvalues( @{ $type->{one_of} } );
    return first { _fits( $_, $value ) } @types if ref $value ne 'HASH';
    if ( defined( my $by = $type->{by} ) ) {
        my $name = $value->{$by};
        return defined $name && !ref $name ? $type->{models}{$name} : undef;
    }
    my @objects = grep { _is_object($_) } @types;
    return $objects[0] if @objects == 1;
    my $found = first { _has_all( $_, $value ) } grep { !ref && /::/ && !/[ ]/ } @types;
    return $found // first { ref && $_->{one_of} } @types;
}

# Whether objects alone are of a type.
sub _is_object {
    my ($type) = @_;
    return exists $type->{map} if ref $type;
    return $type =~ /\A(?:map\b|object\z)/ || $type =~ /\A\S*::\S*\z/;
}

sub _has_all {
    my ( $class, $value ) = @_;
    return all { exists $value->{$_} } Library::Runtime::Model::required_of( loaded($class) );
}

# Whether a value that is no object is of a type.
sub _fits {
    my ( $type, $value ) = @_;
    if ( ref $type ) {
        return exists $type->{list} ? ref $value eq 'ARRAY' : defined type_of( $type, $value )
          if !exists $type->{map};
        return 0;
    }
    return 1                   if $type eq 'any';
    return $type =~ /\Alist\b/ if ref $value eq 'ARRAY';
    return $type eq 'boolean'  if blessed $value;
    return $type =~ /\A(?:integer|number)\z/ if is_number($value);
    return $type =~ /\A(?:string|datetime|base64)\z/;
}

1;
