package Library::Runtime::Model;

# Models: typed, lenient views of the JSON that a server sent.
#
# An object keeps the JSON as it came, and decodes what an accessor is asked for: of an event, most
# programs read few members. Members that the documents do not know are kept, and missing ones read as
# undef.

use strict;
use warnings;

use mro ();

use Library::Runtime::Classes qw(install loaded);

# class => { member => type }, of members that hold models
my %TYPES;

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
        $TYPES{$class}{$member} = $type if ref $type || $type =~ /::/;
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

# What a model says of itself, beside its attributes: "by", the member that tells what descends from it, and
# "models", the classes by the values of that member; "read_only", members that only the server sets;
# "required", those by which it is told from others.
my %DECLARED;

sub declared {
    my ( $class, %declared ) = @_;
    $DECLARED{$class} = \%declared;
    return;
}

# The class that an object of JSON is of, which is a class or descends from it.
sub _class_of {
    my ( $class, $value ) = @_;
    my $declared = $DECLARED{ loaded($class) };
    my $by       = $declared && $declared->{by} // return $class;
    my $name     = $value->{$by};
    my $found    = defined $name && !ref $name ? $declared->{models}{$name} : undef;
    return $found ? loaded($found) : $class;
}

# The members that an object has to have.
sub required_of {
    my ($class) = @_;
    return @{ ( $DECLARED{$class} // {} )->{required} // [] };
}

# What of a model goes into a request: all but what only the server sets.
sub for_request {
    my ($model) = @_;
    return _kept( ref $model, $model->{data} );
}

sub _kept {
    my ( $class, $data ) = @_;
    my %kept = %{$data};
    for my $ancestor ( @{ mro::get_linear_isa($class) } ) {
        delete @kept{ @{ ( $DECLARED{$ancestor} // {} )->{read_only} // [] } };
        my $types = $TYPES{$ancestor} or next;
        $kept{$_} = _sent( $types->{$_}, $kept{$_} ) for grep { defined $kept{$_} } keys %{$types};
    }
    return \%kept;
}

# A value of a type as it goes into a request.
sub _sent {
    my ( $type, $value ) = @_;
    return $value if !ref $value || ( !ref $type && $type !~ /::/ );
    if ( ref $type && $type->{one_of} ) {
        my $chosen = loaded('Library::Runtime::Decoding')->can('type_of')->( $type, $value );
        return defined $chosen ? _sent( $chosen, $value ) : $value;
    }
    my ( $kind, $item ) = ref $type ? %{$type} : split / /, $type, 2;
    if ( !defined $item ) {
        return ref $value eq 'HASH' ? _kept( _class_of( $kind, $value ), $value ) : $value;
    }
    return [ map { _sent( $item, $_ ) } @{$value} ]
      if ref $value eq 'ARRAY' && $kind eq 'list';
    return { map { $_ => _sent( $item, $value->{$_} ) } keys %{$value} }
      if ref $value eq 'HASH' && $kind eq 'map';
    return $value;
}

# What makes a value of JSON into one for the program: code that takes the value and its origin, or nothing
# for types that stay as they are. A type is the name of a class, "datetime", "base64", "list TYPE", "map TYPE",
# any other word, or what Decoding tells of. A server that sends something else than the documents say is not an error here: the
# program can still look at what came.
my %DECODERS;

sub decoder {
    my ($type) = @_;
    return loaded('Library::Runtime::Decoding')->can('decoder_of')->($type) if ref $type;
    return if $type !~ /::|\b(?:datetime|base64)\z/;
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
    return \&_bytes if $kind eq 'base64';
    if ( !defined $item_type ) {
        return sub {
            my ( $value, $origin ) = @_;
            return ref $value eq 'HASH'
              ? _class_of( $kind, $value )->new( $value, $origin )
              : $value;
        };
    }
    return container( $kind, decoder($item_type) );
}

# The bytes of base64; what is none is given back as it came.
sub _bytes {
    my ($value) = @_;
    return $value
      if ref $value
      || $value !~ m{\A(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z};
    require MIME::Base64;
    return MIME::Base64::decode_base64($value);
}

# What decodes a list or a map, by the decoder of what is in it.
sub container {
    my ( $kind, $item ) = @_;
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
