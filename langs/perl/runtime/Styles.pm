package Library::Runtime::Styles;

# How lists and maps travel outside of JSON, where the documents say more than the usual.

use strict;
use warnings;

use Library::Exceptions         ();
use Library::Runtime::Operation ();

my %SEPARATORS = ( comma => q{,}, space => q{ }, pipe => q{|} );

# What a value becomes: pairs of a name and the texts that are its value, each with what separates these.
# $value is as JSON has it.
sub pairs_of {
    my ( $style, $name, $value ) = @_;
    return [ $name, [ Library::Runtime::Operation::plain($value) ], q{} ] if $style eq 'json';
    return _deep( $name, $value )                                         if $style eq 'deep';
    my @items;
    if ( ref $value eq 'HASH' ) {
        my @keys = sort keys %{$value};
        return map { [ $_, [ _text( $_, $value->{$_} ) ], q{} ] } @keys if $style eq 'repeat';
        @items = map { ( $_, $value->{$_} ) } @keys;
    }
    else {
        @items = ref $value eq 'ARRAY' ? @{$value} : $value;
    }
    my @texts = map { _text( $name, $_ ) } @items;
    return map { [ $name, [$_], q{} ] } @texts if $style eq 'repeat';
    return @texts ? [ $name, \@texts, $SEPARATORS{$style} ] : ();
}

# Pairs as parts of a query.
sub encoded {
    my (@pairs) = @_;
    return
      map { Library::Runtime::Operation::encode( $_->[0] ) . q{=} . joined( @{$_}[ 1, 2 ] ) }
      @pairs;
}

# Texts, each encoded by itself. Separators stand bare but for the blank and the bar.
sub joined {
    my ( $texts, $separator ) = @_;
    my $between = $separator eq q{,} ? q{,} : Library::Runtime::Operation::encode($separator);
    return join $between, map { Library::Runtime::Operation::encode($_) } @{$texts};
}

sub _deep {
    my ( $name, $value ) = @_;
    return map { _deep( "$name\[$_]", $value->{$_} ) } sort keys %{$value} if ref $value eq 'HASH';
    return map { _deep( "$name\[$_]", $value->[$_] ) } 0 .. $#{$value}     if ref $value eq 'ARRAY';
    return [ $name, [ _text( $name, $value ) ], q{} ];
}

sub _text {
    my ( $name, $value ) = @_;
    return Library::Runtime::Operation::plain($value) if defined $value;
    return Library::IllegalInputException->throw("$name is null, which only JSON can tell");
}

1;
