package Library::Runtime::Operation;

# From the arguments of a call to a request. A call that could not be right is refused here, before
# anything is sent.

use strict;
use warnings;

use Exporter     qw(import);
use List::Util   qw(any first min pairkeys);
use Scalar::Util qw(blessed looks_like_number);
use overload     ();

use Library::Exceptions;
use Library::Runtime::Model;

our @EXPORT_OK = qw(is_code similar split_id);

# The names that calls take beside the document's: every one, and those that send or write files.
my $TIMEOUT  = 'request_timeout';
my $PROGRESS = 'progress';

# A server that splits the joined text at commas cuts such a value apart, or mends it; a list with one of
# them travels in the body.
my $UNSAFE_IN_LIST = qr/\A\z|\A[ ]|[,"'()\\]/;

my @BOOLEANS = qw(JSON::PP::Boolean Types::Serialiser::BooleanBase boolean);

# The depth of structures that can be written; one that holds itself has no bottom.
my $DEEPEST = 90;

# The least and the greatest number that every JSON reader takes for what it is.
my $LARGEST = 2**53 - 1;

# An operation is described by
#   name          the document's name, resource.nickname
#   as            the method's name
#   method, path  with {name} for each path parameter
#   result        the type of the result (see Model.pm), "binary", "text" for the answer's text itself, or "void"
#   makes         the class of the object that the call makes, and the argument that may give its id
#   subscription  add, remove or replace: what success means for the connection's events
#   ended_by      the HTTP method that ends, on the same path, what this one subscribes to
#   body          form, multipart or binary, where the body is not JSON
#   body_required whether a body is sent even where no field is given
#   content_type  the media type of the body, where it is not the usual one
#   accept        the media type of the answer, where it is not the usual one
#   of_place      whether it is a method of a place, which gives ids of the path
#   parameters    in the document's order: where each travels (path, query, header, field for a member of the
#                 JSON body, body for the whole of it), and its name, or a hash of
#       name          the document's name
#       as            the argument's name, where that is not the same in snake_case
#       shown         what messages call it, where that is something else
#       type          string (if left out), integer, number, boolean, datetime, base64, binary, list, map, object
#                     or any
#       item          the type of the items of a list, where that is not string
#       style         how a list or a map travels outside of JSON, where that is special; see Styles.pm
#       nullable      whether the value may be NULL
#       required      whether a call without it is refused; those of the path always are
#       choices       the allowed values
#       pattern       a regular expression for the whole of a text
#       own           the type of user whose own id the word for that means
#       minimum, maximum
#       text_values   whether the values of the map must travel as text
#       default       what is sent where the program gives nothing
sub new {
    my ( $class, %description ) = @_;
    my $self  = bless {%description}, $class;
    my @pairs = @{ $description{parameters} // [] };
    my @parameters;
    while ( my ( $place, $parameter ) = splice @pairs, 0, 2 ) {
        my %parameter = ( in => $place, ref $parameter ? %{$parameter} : ( name => $parameter ) );
        $parameter{as} //= _plain_name( \%parameter );
        $parameter{required} = 1 if $place eq 'path';
        push @parameters, \%parameter;
    }
    my @required = grep { $_->{required} } @parameters;
    $self->{parameters} = \@parameters;
    $self->{decoder}    = Library::Runtime::Model::decoder( $self->{result} );
    $self->{uploads} =
      ( $self->{body} // q{} ) eq 'multipart' && any { _is_file($_) } @parameters;
    $self->{accept} //= $self->{result} eq 'binary' ? '*/*' : 'application/json';

    # Those of the path first, then in the document's order.
    $self->{required} =
      [ ( grep { $_->{in} eq 'path' } @required ), ( grep { $_->{in} ne 'path' } @required ) ];

    # What a place gives goes into the path alone.
    if ( $self->{of_place} ) {
        $_->{shadowed} = 1 for grep { $_->{in} ne 'path' } @parameters;
    }
    return $self;
}

# The document's name in snake_case.
sub _plain_name {
    my ($parameter) = @_;
    return lc $parameter->{name} =~ s/([a-z0-9])([A-Z])/$1_$2/gr;
}

sub _is_file {
    my ($parameter) = @_;
    return any { ( $parameter->{$_} // q{} ) eq 'binary' } qw(type item);
}

# The arguments of a call by name: from a list of what the operation needs, without names, and then
# of names and values. $own has those that the object itself gives, by the document's names. $writes says that the
# call writes its result somewhere.
sub arguments {
    my ( $self, $list, $own, $writes ) = @_;
    return {} if !@{$list} && !$own;
    my %given;
    my @needed  = @{ $self->{required} };
    my %known   = ( $TIMEOUT => 1, map { $_->{as} => 1 } @{ $self->{parameters} } );
    my $reports = $writes || $self->{uploads};
    $known{$PROGRESS} = 1 if $reports;
    if ($own) {
        for my $parameter ( @{ $self->{parameters} } ) {
            next if $parameter->{shadowed} || !exists $own->{ $parameter->{name} };
            $given{ $parameter->{as} } = $own->{ $parameter->{name} };
            delete $known{ $parameter->{as} };
        }
        @needed = grep { $_->{shadowed} || !exists $own->{ $_->{name} } } @needed;
    }
    return \%given if !@{$list};
    my $count = $self->_unnamed( $list, \%known, \@needed );
    my @named = @{$list};
    for my $parameter (@needed) {
        last if $count-- < 1;
        $given{ $parameter->{as} } = shift @named;
    }
    while ( my ( $name, $value ) = splice @named, 0, 2 ) {
        $self->refuse( $name, 'is given twice' ) if exists $given{$name};
        $given{$name} = $value;
    }
    $self->refuse( $PROGRESS, 'is ' . _show( $given{$PROGRESS} ) . ': code is wanted' )
      if $reports && defined $given{$PROGRESS} && !is_code( $given{$PROGRESS} );
    return \%given;
}

# Whether something can be called.
sub is_code {
    my ($value) = @_;
    return ref $value eq 'CODE' || ( blessed $value && overload::Method( $value, '&{}' ) );
}

# How many arguments come first without names: the fewest after which all are named.
sub _unnamed {
    my ( $self, $list, $known, $needed ) = @_;
    for my $count ( 0 .. @{$needed} ) {
        next if $count > @{$list} || ( @{$list} - $count ) % 2;
        next if any { !_is_name( $_, $known ) } pairkeys @{$list}[ $count .. $#{$list} ];

        # A name that is almost right is not meant as a value.
        last
          if $count && @{$list} % 2 == 0 && any { _spelling( $_, $known ) }
          @{$list}[ 0 .. $count - 1 ];
        return $count;
    }
    if ( @{$list} % 2 ) {
        my $first = join ', ', map { $_->{as} } @{$needed};
        $self->_fail(
            'arguments are pairs of a name and a value' . ( $first && ", behind $first" ) );
    }
    my @names = sort keys %{$known};
    my $stray = first { !_is_name( $_, $known ) } pairkeys @{$list};
    my $hint  = similar( $stray, @names );
    $hint = $hint ? ": is $hint meant?" : '; there are ' . join ', ', @names;
    return $self->_fail( 'there is no argument ' . _show($stray) . $hint );
}

sub _is_name {
    my ( $text, $known ) = @_;
    return defined $text && !ref $text && $known->{$text};
}

# The known name that a text is but for case and underscores.
sub _spelling {
    my ( $text, $known ) = @_;
    return if !defined $text || ref $text;
    return first { lc( $_ =~ tr/_//dr ) eq lc( $text =~ tr/_//dr ) } keys %{$known};
}

# The name that is most like a text, if one is.
sub similar {
    my ( $text, @names ) = @_;
    return if !defined $text || ref $text;
    my ( $best, $least ) = ( undef, 1 + length($text) / 3 );
    for my $name (@names) {
        my $distance = _distance( lc $text, lc $name );
        ( $best, $least ) = ( $name, $distance ) if $distance < $least;
    }
    return $best;
}

# How many letters must change to make one text the other.
sub _distance {
    my ( $one, $other ) = @_;
    my @row = 0 .. length $other;
    for my $i ( 1 .. length $one ) {
        my $corner = $row[0];
        $row[0] = $i;
        for my $j ( 1 .. length $other ) {
            my $changed = $corner + ( substr( $one, $i - 1, 1 ) ne substr( $other, $j - 1, 1 ) );
            $corner = $row[$j];
            $row[$j] = min( $row[$j] + 1, $row[ $j - 1 ] + 1, $changed );
        }
    }
    return $row[-1];
}

# The request that a call means: method, path, target (path and query), headers, body (bytes, or undef).
# $access says how requests are written: lists ("comma" or "repeat"), query_limit, "own", the word for the own id of
# whoever asks, and user_type, what that is, if it is known. The given headers are those of every request.
sub request {
    my ( $self, $arguments, $access, $common ) = @_;
    my $path    = $self->{path};
    my %headers = ( %{ $common // {} }, Accept => $self->{accept} );
    my ( @query, @fields, $body );
    for my $parameter ( @{ $self->{parameters} } ) {
        my $given = $arguments->{ $parameter->{as} } // $parameter->{default};
        if ( !defined $given ) {
            $self->refuse( $parameter, 'is missing: the operation needs it' )
              if $parameter->{required};
            next;
        }
        my $value = $self->_checked( $parameter, $given );
        my $place = $parameter->{in};
        $self->_refuse_foreign( $parameter, $value, $access ) if $parameter->{own};
        if ( $place eq 'path' ) {
            my $segment = $self->_segment( $parameter, $value );
            $path =~ s/\{\Q$parameter->{name}\E\}/$segment/;
        }
        elsif ( $place eq 'query' ) { push @query, [ $parameter, $value ] }
        elsif ( $place eq 'header' ) {
            $headers{ $parameter->{name} } = $self->_header( $parameter, $value );
        }
        elsif ( $place eq 'field' ) { push @fields, [ $parameter, $value ] }
        else                        { $body = $value }
    }
    my $kind   = $self->{body} // 'json';
    my %fields = map { $_->[0]{name} => $_->[1] } $kind eq 'json' ? @fields : ();

    # Only servers with such a limit take the query's parameters from the body, too.
    my $may_use_body = $kind eq 'json' && !defined $body && $access->{query_limit};
    my $query        = _query( $path, \@query, \%fields, $may_use_body, $access );
    my %request      = ( method => $self->{method}, path => $path, headers => \%headers );
    $request{target} = $query eq '' ? $path : "$path?$query";
    if ( $kind ne 'json' ) {
        if ( @fields || defined $body || $self->{body_required} ) {
            require Library::Runtime::Forms;
            @{request}{qw(body type)} =
              Library::Runtime::Forms::written( $kind, \@fields, $body, $self->{content_type} );
            $headers{'Content-Type'} = delete $request{type};
            $request{body}           = _watched( $request{body}, $arguments->{$PROGRESS} )
              if $self->{uploads} && defined $arguments->{$PROGRESS};
        }
        return \%request;
    }
    $body = \%fields if !defined $body && ( %fields || $self->{body_required} );
    if ( defined $body ) {
        $headers{'Content-Type'} = $self->{content_type} // 'application/json';
        $request{body}           = $self->_json($body);
    }
    return \%request;
}

# The word for one's own id means nothing where users of another type are meant.
sub _refuse_foreign {
    my ( $self, $parameter, $value, $access ) = @_;
    my $type = $access->{user_type};
    return if !defined $type || $type eq $parameter->{own} || $value ne $access->{own}{word};
    return $self->refuse( $parameter,
            'is '
          . _show($value)
          . ", the id of a user of type $parameter->{own}, and this user's type is $type: give the id"
    );
}

# A body that tells code how much of it is on the way.
sub _watched {
    my ( $body, $progress ) = @_;
    require Library::Runtime::Body;
    return Library::Runtime::Body::watched( $body, $progress );
}

sub _json {
    my ( $self, $body ) = @_;
    require Mojo::JSON;
    my $json = _too_deep( $body, 0 ) ? undef : eval { Mojo::JSON::encode_json($body) };
    return $json // $self->_fail('the body cannot be written as JSON: it is nested too deeply');
}

# Whether a structure is deeper than servers read; one that holds itself has no bottom.
sub _too_deep {
    my ( $value, $depth ) = @_;
    return 1 if $depth > $DEEPEST;
    my @items = ref $value eq 'HASH' ? values %{$value} : ref $value eq 'ARRAY' ? @{$value} : ();
    return any { _too_deep( $_, $depth + 1 ) } @items;
}

# The encoded query; what it cannot carry goes into the fields of the body.
sub _query {
    my ( $path, $query, $fields, $may_use_body, $access ) = @_;
    my @pairs;
    for my $entry ( @{$query} ) {
        my ( $parameter, $value ) = @{$entry};
        my $name = encode( $parameter->{name} );
        if ( my $style = $parameter->{style} ) {
            require Library::Runtime::Styles;
            push @pairs,
              Library::Runtime::Styles::encoded(
                Library::Runtime::Styles::pairs_of( $style, $parameter->{name}, $value ) );
        }
        elsif ( ref $value ne 'ARRAY' ) {
            push @pairs, "$name=" . encode( plain($value) );
        }
        elsif ( $access->{lists} eq 'repeat' ) {
            push @pairs, map { "$name=" . encode( plain($_) ) } @{$value};
        }
        elsif ( $may_use_body && any { $_ =~ $UNSAFE_IN_LIST } @{$value} ) {
            $fields->{ $parameter->{name} } = $value;
        }
        elsif ( @{$value} ) {
            push @pairs, "$name=" . join ',', map { encode( plain($_) ) } @{$value};
        }
    }
    my $text  = join '&', @pairs;
    my $limit = $access->{query_limit};
    return $text if !$limit || !$may_use_body || length($path) + length($text) < $limit;

    # The server's limit is on the request line; the body takes the same parameters.
    $fields->{ $_->[0]{name} } //= $_->[1] for @{$query};
    return '';
}

# Percent-encodes everything but letters, digits and "-._~".
sub encode {
    my ($text) = @_;

    # Halves of surrogate pairs are no characters.
    $text =~ s/[\x{D800}-\x{DFFF}]|[^\x{0}-\x{10FFFF}]/\x{FFFD}/g if $text =~ /[^\x00-\xFF]/;
    utf8::encode($text);
    $text =~ s/([^A-Za-z0-9\-._~])/sprintf '%%%02X', ord $1/ge;
    return $text;
}

sub _segment {
    my ( $self, $parameter, $value ) = @_;
    my ( $texts, $separator ) = _texts( $parameter, $value );
    my $text = join $separator, @{$texts};

    # Servers cut the path at an empty segment and resolve dots: the call would reach another place.
    $self->refuse( $parameter, 'is empty' ) if $text eq '';
    $self->refuse( $parameter, qq{is "$text", which means another path} )
      if $text eq '.' || $text eq '..';
    return encode($text) if @{$texts} == 1;
    require Library::Runtime::Styles;
    return Library::Runtime::Styles::joined( $texts, $separator );
}

# The texts of a value that has no name where it travels, and what separates these.
sub _texts {
    my ( $parameter, $value ) = @_;
    if ( my $style = $parameter->{style} ) {
        require Library::Runtime::Styles;
        my ($pair) = Library::Runtime::Styles::pairs_of( $style, $parameter->{name}, $value );
        return $pair ? @{$pair}[ 1, 2 ] : ( [], q{} );
    }
    return ( [ map { plain($_) } @{$value} ], q{,} ) if ref $value eq 'ARRAY';
    return ( [ plain($value) ],               q{} );
}

sub _header {
    my ( $self, $parameter, $value ) = @_;
    my ( $texts, $separator ) = _texts( $parameter, $value );
    my $text = join $separator, @{$texts};
    return $text if $text =~ /\A[\x20-\x7E]*\z/;
    return $self->refuse( $parameter,
        'is ' . _show($text) . ': a header takes printable ASCII only' );
}

# A value as text, outside of JSON: the JSON of a list or a map.
sub plain {
    my ($value) = @_;
    return "$value" if !ref $value;
    if ( ref $value eq 'HASH' || ref $value eq 'ARRAY' ) {
        Library::IllegalInputException->throw('a value is nested too deeply')
          if _too_deep( $value, 0 );
        require Mojo::JSON;
        return Mojo::JSON::to_json($value);
    }
    my $truth = _truth($value);
    return !defined $truth ? "$value" : $truth ? 'true' : 'false';
}

# The value as it travels, or a refusal.
sub _checked {
    my ( $self, $parameter, $given ) = @_;
    if ( _is_null($given) ) {
        return $given if $parameter->{nullable};
        $self->refuse( $parameter, 'is NULL, which cannot be sent there' );
    }
    my $type    = $parameter->{type} // 'string';
    my $in_body = $parameter->{in} eq 'field' || $parameter->{in} eq 'body';

    # In the path an object stands for its id, in a body that takes objects for itself.
    my $whole = $type eq 'map' || $in_body && ( $type eq 'any' || $type eq 'object' );
    my $value = _is_entity($given) && !$whole ? $self->_id_text( $parameter, $given ) : $given;
    my $check = "_checked_$type";
    return $self->$check( $parameter, $value );
}

sub _is_null {
    my ($value) = @_;
    return blessed $value && $value->isa('Library::Runtime::Null');
}

sub _checked_any {
    my ( $self, $parameter, $value ) = @_;
    return _as_json( $value, 0 );
}

# Bytes, a path, or what can be read: Forms looks at it.
sub _checked_binary {
    my ( $self, $parameter, $value ) = @_;
    return $value;
}

# Text is base64 already.
sub _checked_base64 {
    my ( $self, $parameter, $value ) = @_;
    return _base64($value) // $self->refuse( $parameter, 'holds characters that are no bytes' )
      if ref $value eq 'SCALAR';
    return $self->refuse( $parameter,
        'is ' . _show($value) . ', which is no base64: bytes are given as a reference to them' )
      if !_is_text($value)
      || "$value" !~ m{\A(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z};
    return "$value";
}

# The base64 of the bytes behind a reference, if they are bytes.
sub _base64 {
    my ($reference) = @_;
    my $bytes = ${$reference};
    return if !utf8::downgrade( $bytes, 1 );
    require MIME::Base64;
    return MIME::Base64::encode_base64( $bytes, q{} );
}

# A value of the program as JSON has it. References to bytes become their base64.
sub _as_json {
    my ( $value, $depth ) = @_;
    return $value if !ref $value;
    return        if $depth > $DEEPEST;
    return { map { $_ => scalar _as_json( $value->{$_}, $depth + 1 ) } keys %{$value} }
      if ref $value eq 'HASH';
    return [ map { scalar _as_json( $_, $depth + 1 ) } @{$value} ] if ref $value eq 'ARRAY';
    return $value                                                  if defined _truth($value);
    return _base64($value) // ${$value}                            if ref $value eq 'SCALAR';
    return $value                                                  if !blessed $value;
    return Library::Runtime::Model::for_request($value)
      if $value->isa('Library::Runtime::Model');
    return scalar _as_json( $value->TO_JSON, $depth + 1 ) if $value->can('TO_JSON');
    return _moment($value)                                if $value->can('epoch');
    return $value;
}

sub _checked_object {
    my ( $self, $parameter, $value ) = @_;
    return _as_json( $value, 0 )
      if ref $value eq 'HASH' || ( blessed $value && $value->can('TO_JSON') );
    return $self->refuse( $parameter, 'is ' . _show($value) . ': a hash is wanted' );
}

sub _checked_datetime {
    my ( $self, $parameter, $value ) = @_;
    return _moment($value);
}

# What tells its epoch, as text.
sub _moment {
    my ($value) = @_;
    return "$value"
      if !blessed $value || !$value->can('epoch') || overload::Method( $value, q{""} );
    my ( $seconds, $minutes, $hours, $day, $month, $year ) = gmtime $value->epoch;
    return sprintf '%04d-%02d-%02dT%02d:%02d:%02dZ', $year + 1900, $month + 1, $day, $hours,
      $minutes,
      $seconds;
}

sub _checked_string {
    my ( $self, $parameter, $value ) = @_;
    return $self->_choice( $parameter, $self->_fit( $parameter, "$value" ) ) if _is_text($value);
    return $self->refuse( $parameter, 'is ' . _show($value) . ': text is wanted' );
}

# The text, if it is as the documents want it.
sub _fit {
    my ( $self, $parameter, $text ) = @_;
    my $pattern = $parameter->{pattern};
    return $text if !defined $pattern || $text =~ /\A(?:$pattern)\z/a;
    return $self->refuse( $parameter, 'is ' . _show($text) . ", which does not match $pattern" );
}

# Whether a value is text, or an object that can be written as text.
sub _is_text {
    my ($value) = @_;
    return !ref $value || ( blessed $value && overload::Method( $value, q{""} ) );
}

sub _checked_boolean {
    my ( $self, $parameter, $value ) = @_;
    my $truth = _truth($value);
    return $self->refuse( $parameter, 'is ' . _show($value) . ': a boolean, 1 or 0 is wanted' )
      if !defined $truth;

    # What every JSON module writes as true and false.
    return $truth ? \1 : \0;
}

sub _truth {
    my ($value) = @_;
    if ( ref $value ) {
        return ${$value} if ref $value eq 'SCALAR' && ${$value} =~ /\A[01]\z/;
        return blessed $value && ( any { $value->isa($_) } @BOOLEANS ) ? ( $value ? 1 : 0 ) : undef;
    }
    return $value =~ /\A[01]?\z/ ? ( $value ? 1 : 0 ) : undef;
}

sub _checked_integer {
    my ( $self, $parameter, $value ) = @_;
    my $good = _is_number($value) && $value == int $value && abs $value <= $LARGEST;
    $self->refuse( $parameter, 'is ' . _show($value) . ': a whole number is wanted' ) if !$good;
    return $self->_choice( $parameter, $self->_bounded( $parameter, int $value ) );
}

sub _checked_number {
    my ( $self, $parameter, $value ) = @_;
    $self->refuse( $parameter, 'is ' . _show($value) . ': a number is wanted' )
      if !_is_number($value);
    return $self->_choice( $parameter, $self->_bounded( $parameter, 0 + $value ) );
}

# Infinity and "not a number" are none that can be sent.
sub _is_number {
    my ($value) = @_;
    return 0 if !looks_like_number($value) || ( ref $value && !overload::Method( $value, '0+' ) );
    return $value - $value == 0;
}

sub _bounded {
    my ( $self, $parameter, $value ) = @_;
    my ( $least, $most ) = @{$parameter}{qw(minimum maximum)};
    $self->refuse( $parameter, "is $value: the least is $least" )
      if defined $least && $value < $least;
    $self->refuse( $parameter, "is $value: the most is $most" ) if defined $most && $value > $most;
    return $value;
}

sub _checked_list {
    my ( $self, $parameter, $value ) = @_;
    my $as_is = $parameter->{in} eq 'field' || $parameter->{in} eq 'body';
    my $type  = $parameter->{item};
    my %each  = ( %{$parameter}, type => $type, item => undef );
    my @items;
    for my $item ( ref $value eq 'ARRAY' ? @{$value} : $value ) {
        my $truth = ref $item ? _truth($item) : undef;
        if    ( _is_null($item) && $as_is && !$self->{body} ) { push @items, $item }
        elsif ( $type && defined $item ) { push @items, $self->_checked( \%each, $item ) }
        elsif ( _is_entity($item) )      { push @items, $self->_id_text( $parameter, $item ) }
        elsif ( defined $truth )         { push @items, $truth ? 'true' : 'false' }
        elsif ( ref $item && $as_is && !_is_null($item) ) { push @items, _as_json( $item, 0 ) }
        elsif ( !defined $item || _is_null($item) || !_is_text($item) ) {
            $self->refuse( $parameter, 'holds ' . _show($item) . ': text is wanted' );
        }
        else { push @items, $self->_choice( $parameter, "$item" ) }
    }
    $self->refuse( $parameter, 'is an empty list: the operation needs a value' )
      if $parameter->{required} && !@items;
    return \@items;
}

sub _checked_map {
    my ( $self, $parameter, $value ) = @_;
    $value = _as_json( $value, 0 );
    $self->refuse( $parameter, 'is ' . _show($value) . ': a hash of names and values is wanted' )
      if ref $value ne 'HASH';
    return $value if !$parameter->{text_values};
    my %texts;
    for my $name ( keys %{$value} ) {
        my $item = $value->{$name};

        # An item with options carries its text in "value".
        $texts{$name} =
          ref $item ne 'HASH' ? $self->_value_text( $parameter, $name, $item )
          : exists $item->{value}
          ? { %{$item}, value => $self->_value_text( $parameter, $name, $item->{value} ) }
          : $item;
    }
    return \%texts;
}

sub _value_text {
    my ( $self, $parameter, $name, $value ) = @_;
    my $truth = ref $value ? _truth($value) : undef;
    return $truth ? 'true' : 'false' if defined $truth;
    return "$value" if defined $value && _is_text($value);
    return $self->refuse( $parameter,
        'has ' . _show($value) . qq{ as its "$name": text or a number is wanted} );
}

sub _choice {
    my ( $self, $parameter, $value ) = @_;
    my $choices = $parameter->{choices};
    return $value if !$choices || any { $_ eq $value } @{$choices};
    return $self->refuse( $parameter,
        'is ' . _show($value) . ': allowed are ' . join ', ', @{$choices} );
}

sub _is_entity {
    my ($value) = @_;
    return blessed $value && $value->isa('Library::Runtime::Entity');
}

sub _id_text {
    my ( $self, $parameter, $entity ) = @_;
    my @ids = Library::Runtime::Entity::ids_of($entity);
    $self->refuse( $parameter, 'is ' . _show($entity) . ' without an id' ) if any { $_ eq '' } @ids;
    return join '/', @ids;
}

# The two ids in one text, or in an object; the text is split at the first separator.
sub split_id {
    my ( $value, $separator, $name ) = @_;
    my @ids =
        _is_entity($value) ? Library::Runtime::Entity::ids_of($value)
      : defined $value     ? split /\Q$separator\E/, $value, 2
      :                      ();
    return @ids if @ids == 2 && !any { $_ eq '' } @ids;
    return Library::IllegalInputException->throw(
        "$name: the id is " . _show($value) . qq{: two parts joined by "$separator" are wanted} );
}

# A value as a message names it.
sub _show {
    my ($value) = @_;
    return 'undef'                      if !defined $value;
    return 'a list'                     if ref $value eq 'ARRAY';
    return 'a hash'                     if ref $value eq 'HASH';
    return 'an object of ' . ref $value if blessed $value;
    return 'a reference'                if ref $value;
    return $value                       if _is_number($value);
    return '"' . ( $value =~ s/(["\\])/\\$1/gr ) . '"';
}

# Refuses a call because of one argument.
sub refuse {
    my ( $self, $parameter, $why ) = @_;
    my $name = ref $parameter ? $parameter->{shown} // $parameter->{as} : $parameter;
    return $self->_fail("$name $why");
}

sub _fail {
    my ( $self, $why ) = @_;
    return Library::IllegalInputException->throw(
        "$self->{as}: $why",
        method => $self->{method},
        path   => $self->{path},
    );
}

1;
