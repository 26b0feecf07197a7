package Library::Runtime::Model;

# Models: typed, lenient views of the JSON that a server sent.
#
# An object keeps the JSON as it came, and decodes what an accessor is asked for: of an event, most
# programs read few members. Members that the documents do not know are kept, and missing ones read as
# undef.

use strict;
use warnings;

use Library::Runtime::Classes qw(install loaded);

# $origin says where the data came from: { library => sub { … }, since => number }. The library is held by
# a closure, so that dumping an object shows neither the library nor its credentials. "since" is the
# number of the newest event that was there before the call, or the event, that brought the data.
sub new {
    my ( $class, $data, $origin ) = @_;
    return bless { data => $data, origin => $origin }, $class;
}

# Any member by its name in the JSON, as it came.
sub member {
    my ( $self, $name ) = @_;
    return $self->{data}{$name};
}

sub TO_JSON {
    my ($self) = @_;
    return $self->{data};
}

# Gives a class its accessors: name => type, or name => { member => …, type => … } where the member of
# the JSON is called otherwise. For types see decoder.
sub attributes {
    my ( $class, @attributes ) = @_;
    while ( my ( $name, $type ) = splice @attributes, 0, 2 ) {
        my $member = $name;
        ( $member, $type ) = @{$type}{qw(member type)} if ref $type eq 'HASH';
        install( $class, $name, _accessor( $member, $type ) );
    }
    return;
}

sub _accessor {
    my ( $member, $type ) = @_;
    my $decoder = decoder($type);
    return sub { my ($self) = @_; return $self->{data}{$member} }
      if !$decoder;
    return sub {
        my ($self) = @_;
        my $value = $self->{data}{$member};
        return if !defined $value;
        return $self->{decoded}{$member} //= $decoder->( $value, $self->{origin} );
    };
}

# The functions below are no methods: a document may have members of their names.

# Where an object came from.
sub origin_of {
    my ($model) = @_;
    return $model->{origin};
}

# What makes a value of JSON into one for the program: code that takes the value and its origin, or nothing
# for types that stay as they are. A type is the name of a class, "datetime", "list TYPE", "map TYPE", or
# any other word. A server that sends something else than the documents say is not an error here: the
# program can still look at what came.
my %DECODERS;

sub decoder {
    my ($type) = @_;
    return if $type !~ /::|\bdatetime\z/;
    return $DECODERS{$type} //= _new_decoder( split / /, $type, 2 );
}

sub _new_decoder {
    my ( $kind, $item_type ) = @_;
    if ( $kind eq 'datetime' ) {
        return sub {
            my ($value) = @_;
            return loaded('Library::Runtime::Moment')->parse($value);
        };
    }
    if ( !defined $item_type ) {
        return sub {
            my ( $value, $origin ) = @_;
            return ref $value eq 'HASH' ? loaded($kind)->new( $value, $origin ) : $value;
        };
    }
    my $item = decoder($item_type);
    if ( $kind eq 'list' ) {
        return sub {
            my ( $value, $origin ) = @_;
            return $value if ref $value ne 'ARRAY';
            return [ map { defined ? $item->( $_, $origin ) : undef } @{$value} ];
        };
    }
    return sub {
        my ( $value, $origin ) = @_;
        return $value if ref $value ne 'HASH';
        my %items = map { $_ => defined $value->{$_} ? $item->( $value->{$_}, $origin ) : undef }
          keys %{$value};
        return \%items;
    };
}

1;
