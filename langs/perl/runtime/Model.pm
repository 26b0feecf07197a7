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
# the JSON is called otherwise. For types see decode.
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
    return sub { my ($self) = @_; return $self->{data}{$member} }
      if !is_decoded($type);
    return sub {
        my ($self) = @_;
        return $self->{decoded}{$member} //=
          decode( $type, $self->{data}{$member}, $self->{origin} );
    };
}

# The functions below are no methods: a document may have members of their names.

# Where an object came from.
sub origin_of {
    my ($model) = @_;
    return $model->{origin};
}

# Whether values of a type are made into something else than they are in JSON.
sub is_decoded {
    my ($type) = @_;
    return $type =~ /::|\bdatetime\z/;
}

# Makes a value of JSON into one for the program. A type is the name of a class, "datetime", "list TYPE",
# "map TYPE", or any other word for what stays as it is. A server that sends something else than the
# documents say is not an error here: the program can still look at what came.
sub decode {
    my ( $type, $value, $origin ) = @_;
    return $value if !defined $value || !is_decoded($type);
    my ( $kind, $item ) = split / /, $type, 2;
    if ( $kind eq 'list' ) {
        return $value if ref $value ne 'ARRAY';
        return [ map { decode( $item, $_, $origin ) } @{$value} ];
    }
    if ( $kind eq 'map' ) {
        return $value if ref $value ne 'HASH';
        return { map { $_ => decode( $item, $value->{$_}, $origin ) } keys %{$value} };
    }
    if ( $kind eq 'datetime' ) {
        require Library::Runtime::Moment;
        return Library::Runtime::Moment->parse($value);
    }
    return $value if ref $value ne 'HASH';
    return loaded($type)->new( $value, $origin );
}

1;
