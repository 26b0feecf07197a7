package Scenarios;

# Plays scenarios against a generated library; see test_resources/conformance/README.md.

use strict;
use warnings;

use Encode       ();
use File::Temp   ();
use List::Util   ();
use MIME::Base64 ();
use Mojo::IOLoop ();
use Mojo::JSON   ();
use Scalar::Util ();
use Time::HiRes  ();
use Time::Local  ();

# Seconds that handlers may take to get their events.
my $PATIENCE = 15;

# $class is the library's main class, $control the address of the replay server's control, $prefix what the names of
# its own exceptions begin with.
sub new {
    my ( $class, $library_class, $control, $prefix ) = @_;

    # HTTP::Tiny with bodies that are not held back: there are two for each scenario.
    my $http_class = "${library_class}::Runtime::Http";
    require( $http_class =~ s{::}{/}gr . '.pm' );
    return bless {
        class   => $library_class,
        control => $control,
        prefix  => $prefix // 'Asterisk',
        http    => $http_class->new( timeout => 60 )
    }, $class;
}

# Every scenario that the server can play.
sub scenarios {
    my ($self) = @_;
    return @{ $self->_asked( GET => 'scenarios' ) };
}

# Plays a scenario, and dies of what is wrong. Calls are made twice: as they are, and with promises.
sub play {
    my ( $self, $scenario ) = @_;
    $self->_play( $scenario, q{} );
    $self->_play( $scenario, '_p' ) if !_opens($scenario);
    return;
}

sub _asked {
    my ( $self, $method, $what, $data ) = @_;
    my %body   = $data ? ( content => Mojo::JSON::encode_json($data) ) : ();
    my $answer = $self->{http}->request( $method, "$self->{control}/$what", \%body );
    die "$what: $answer->{content}\n" if !$answer->{success};
    return Mojo::JSON::decode_json( $answer->{content} );
}

# Whether a scenario is about the connection for events, which is no method.
sub _opens {
    my ($scenario) = @_;
    return ( $scenario->{operation} // q{} ) eq 'events.eventWebsocket';
}

sub _play {
    my ( $self, $scenario, $twin ) = @_;
    my $access = $self->_asked( POST => 'play', { id => $scenario->{id} } );
    $self->{password} = $access->{password};
    $self->{place}    = $access->{url} =~ s{\A(\w+://[^/]+).*}{$1}sr;
    my $make = sub {
        return $self->{class}->new(
            api_url => $access->{url},
            _credentials( $scenario, $access ),
            _named( $scenario->{client} // {} ),
            _opens($scenario) ? _named( $scenario->{arguments} // {} ) : (),
        );
    };
    my $library = _opens($scenario) && $scenario->{refused} ? undef : $make->();
    my $played  = eval {
        for my $call ( @{ $scenario->{before} // [] } ) {
            eval { $self->_call( $library, $call, $twin ) };
            Time::HiRes::sleep( $call->{pause} ) if $call->{pause};
        }
        if ( _opens($scenario) && $scenario->{handlers} ) {
            $self->_check_events( $library, $scenario );
        }
        elsif ( _opens($scenario) ) {
            $self->_check_call( sub { ( $library // $make->() )->connect }, $scenario );
        }
        else {
            $self->_check_call( sub { $self->_call( $library, $scenario, $twin ) }, $scenario );
            _check_rate_limit( $library, $scenario );
        }
        1;
    };
    my $error = $@;
    if ($library) {
        my $close = $library->can('close') // 'disconnect';
        $library->$close;
        $self->_check_hidden( $library, 'the library', $scenario );
    }
    die( ( $twin ? "with promises: $error" : $error ) ) if !$played;
    my $verdict = $self->_asked( GET => 'verdict' );
    die join( "\n", @{ $verdict->{differences} } ), "\n" if !$verdict->{ok};
    return;
}

# What the library is given to prove who the program is.
sub _credentials {
    my ( $scenario, $access ) = @_;
    my $given = $scenario->{credentials} // 'basic';
    return                                   if $given eq 'none';
    return %{$access}{qw(username password)} if $given eq 'basic';
    my %given  = %{$given};
    my $keys   = delete $given{keys} // {};
    my %values = ( %given, _named($keys) );
    if ( ref $values{token} ) {
        my @tokens = @{ $values{token}{'$calls'} };
        $values{token} = sub { return shift @tokens };
    }
    return %values;
}

# Every text in a scenario's credentials.
sub _secrets {
    my ($value) = @_;
    return map { _secrets($_) } values %{$value} if ref $value eq 'HASH';
    return map { _secrets($_) } @{$value}        if ref $value eq 'ARRAY';
    return $value;
}

# No credential may be shown, not even by Data::Dumper.
sub _check_hidden {
    my ( $self, $value, $what, $scenario ) = @_;
    my $given   = $scenario->{credentials};
    my @secrets = ref $given ? _secrets($given) : ();
    push @secrets, $self->{password}, MIME::Base64::encode_base64( $self->{password}, q{} );
    my $dumped = _dumped($value);
    for my $secret (@secrets) {

        # A client's id is part of many words.
        die "$secret is shown by $what\n" if length $secret > 2 && index( $dumped, $secret ) >= 0;
    }
    return;
}

# The library's name for a document's resource, operation or parameter.
sub _perl_name {
    my ($name) = @_;
    $name =~ s/[^A-Za-z0-9]+/_/g;
    $name =~ s/\A_|_\z//g;
    $name =~ s/([a-z0-9])([A-Z])/$1_$2/g;
    $name =~ s/\A(?=\d)/n/;
    $name .= '_' if $name eq 'request_timeout';
    return lc $name;
}

# The library's name of a method; one that Perl reserves has an underscore behind it.
sub _method_name {
    my ( $object, $name ) = @_;
    my $method = _perl_name($name);
    return $object->can("${method}_") ? "${method}_" : $method;
}

sub _named {
    my ($values) = @_;
    return map { _perl_name($_) => $values->{$_} } keys %{$values};
}

sub _call {
    my ( $self, $library, $call, $twin ) = @_;
    my ( $target, $method, @arguments );
    if ( $call->{shortcut} ) {
        ( $target, $method ) = ( $library, _perl_name( $call->{shortcut} ) );
        @arguments = @{ $call->{positional} // [] };
    }
    elsif ( defined $call->{fetch} ) {
        my $url = $call->{fetch};
        ( $target, $method ) = ( $library, 'fetch' );
        @arguments = $url =~ m{\A/} ? "$self->{place}$url" : $url;
    }
    elsif ( $call->{way} ) {
        my @way = @{ $call->{way} };
        $method    = pop @way;
        $target    = $self->_place( $library, @way );
        $method    = _method_name( $target, $method );
        @arguments = $self->_arguments( $library, $call );
        return _all( $target->iterate(@arguments), $twin ) if $method eq 'iterate';
    }
    else {
        my ( $resource, $operation ) = split /[.]/, $call->{operation}, 2;
        my $accessor = _method_name( $library, $resource );
        $target    = $call->{on} ? $self->_object( $library, $call->{on} ) : $library->$accessor;
        $method    = _method_name( $target, $operation );
        @arguments = $self->_arguments( $library, $call );
    }
    $method .= $twin;
    my $result = $target->$method(@arguments);
    return $twin ? _settled($result) : $result;
}

sub _arguments {
    my ( $self, $library, $call ) = @_;
    my $given = $call->{arguments} // {};
    return map { _perl_name($_) => $self->_argument( $library, $given->{$_}, $_ ) }
      sort keys %{$given};
}

# The place that a way leads to.
sub _place {
    my ( $self, $place, @way ) = @_;
    for my $step (@way) {
        my ( $name, @ids ) = ref $step ? @{$step} : $step;
        my $accessor = _method_name( $place, $name );
        $place = $place->$accessor(@ids);
    }
    return $place;
}

# All that an iterator gives.
sub _all {
    my ( $iterator, $twin ) = @_;
    return $twin ? _settled( $iterator->all_p ) : $iterator->all;
}

# What a promise gives, or dies of.
sub _settled {
    my ($promise) = @_;
    my ( $value, $error, $failed );
    $promise->then( sub { ($value) = @_ }, sub { ( $failed, $error ) = ( 1, @_ ) } )->wait;
    die $error if $failed;
    return $value;
}

sub _object {
    my ( $self, $library, $wanted ) = @_;
    my $class = "$self->{class}::$wanted->{object}";
    ( my $file = "$class.pm" ) =~ s{::}{/}g;
    require $file;
    my @names = $class->id_members;
    my %data;
    @data{@names} = @{ $wanted->{ids} };
    return $class->new( \%data, { library => sub { return $library }, since => 0 } );
}

sub _argument {
    my ( $self, $library, $value, $name ) = @_;
    return [ map { $self->_argument( $library, $_, $name ) } @{$value} ] if ref $value eq 'ARRAY';
    return $value                                                        if ref $value ne 'HASH';
    return $self->_object( $library, { object => $value->{'$object'}, ids => $value->{ids} } )
      if exists $value->{'$object'};
    return $self->_model( $library, $value ) if exists $value->{'$model'};
    return $self->_file( $value, $name )     if exists $value->{'$file'};
    return "$self->{class}"->can('NULL')->() if exists $value->{'$null'};
    if ( exists $value->{'$date'} ) {
        my $moment_class = "$self->{class}::Runtime::Moment";
        require( $moment_class =~ s{::}{/}gr . '.pm' );
        return $moment_class->parse( $value->{'$date'} );
    }
    return \_bytes($value) if exists $value->{'$base64'} || exists $value->{'$text'};
    return { map { $_ => $self->_argument( $library, $value->{$_}, $name ) } keys %{$value} };
}

sub _bytes {
    my ($value) = @_;
    return exists $value->{'$text'}
      ? Encode::encode( 'UTF-8', $value->{'$text'} )
      : MIME::Base64::decode_base64( $value->{'$base64'} );
}

sub _model {
    my ( $self, $library, $wanted ) = @_;
    my $class = "$self->{class}::$wanted->{'$model'}";
    ( my $file = "$class.pm" ) =~ s{::}{/}g;
    require $file;
    return $class->new( $wanted->{data}, { library => sub { return $library }, since => 0 } );
}

# A file in one of the ways in which a program may give it. A handle does not know its name.
sub _file {
    my ( $self, $value, $argument ) = @_;
    my ( $name, $bytes ) = ( $value->{'$file'}, _bytes( $value->{body} ) );
    return [ $name, \$bytes ] if $value->{as} eq 'pair';
    if ( $value->{as} eq 'stream' ) {
        pipe my $reader, my $writer or die "no pipe: $!\n";
        binmode $_ for $reader, $writer;
        print {$writer} $bytes;
        close $writer;
        return $reader;
    }
    push @{ $self->{folders} }, File::Temp->newdir;
    my $path = Encode::encode( 'UTF-8', "$self->{folders}[-1]/$name" );
    open my $file, '>:raw', $path or die "cannot write $path: $!\n";
    print {$file} $bytes;
    close $file;
    return $path if $value->{as} eq 'path';
    my $opened = _opened($path);
    return $argument eq 'body' ? $opened : [ $name, $opened ];
}

sub _opened {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "cannot read $path: $!\n";
    return $file;
}

# What comes of a call

sub _check_call {
    my ( $self, $call, $scenario ) = @_;
    my $expected = $scenario->{refused} // $scenario->{error};
    my ( $result, $succeeded );
    {
        local $@ = undef;
        $succeeded = eval { $result = $call->(); 1 };
        if ( !$succeeded ) {
            my $error = $@;
            die $error if !$expected;
            $self->_check_error( $error, $expected, !!$scenario->{refused}, $scenario );
            return;
        }
    }
    die "$expected->{class} was expected, " . _shown($result) . " came\n" if $expected;
    $self->_check_result( $result, $scenario );
    return;
}

sub _check_result {
    my ( $self, $actual, $scenario ) = @_;
    my $expected = $scenario->{result};
    if ( !defined $expected ) {
        die 'nothing was expected, ' . _shown($actual) . " came\n" if defined $actual;
        return;
    }
    my @exchanges = @{ $scenario->{exchanges} // [$scenario] };
    my $value     = exists $expected->{value} ? $expected->{value} : $exchanges[-1]{response}{body};
    my $type      = $expected->{type} // q{};
    if ( my ($item) = $type =~ /\AList\[(.*)\]\z/ ) {
        $self->_check_type( $_, $item, 'an item' ) for @{$actual};
    }
    elsif ($type) {
        $self->_check_type( $actual, $type, 'the result' );
    }
    $self->_same( $value, $actual, 'result' );
    return;
}

# Of two names that only case tells apart, one has a number.
sub _check_type {
    my ( $self, $value, $type, $place ) = @_;
    die "$place: a $type was expected, " . _shown($value) . " came\n"
      if ref($value) !~ /\A\Q$self->{class}::$type\E(?:_2)?\z/;
    return;
}

sub _check_error {
    my ( $self, $error, $expected, $refused, $scenario ) = @_;
    my $base  = "$self->{class}::$self->{prefix}Exception";
    my $class = "$self->{class}::$expected->{class}";
    $class = $base if $expected->{class} eq 'LibraryException';
    die "$class was expected, " . _shown($error) . " came\n"
      if !Scalar::Util::blessed($error) || !$error->isa($class);
    die "$class is no $base\n" if !$error->isa($base);
    my $shown = "$error";
    die "control characters in $shown\n" if $shown =~ /\p{Cc}/;
    $self->_check_hidden( $error, 'the error', $scenario );

    for my $text ( @{ $expected->{mentions} // [] } ) {
        die "$text is not mentioned in $shown\n"
          if index( lc $shown =~ tr/_//dr, lc $text =~ tr/_//dr ) < 0;
    }
    for my $text ( @{ $expected->{excludes} // [] } ) {
        die "$text is mentioned in $shown\n" if index( $shown, $text ) >= 0;
    }
    return if $refused;
    _equal( $expected->{status},  $error->status,  'status' )  if exists $expected->{status};
    _equal( $expected->{message}, $error->message, 'message' ) if exists $expected->{message};
    _equal( $expected->{code},    $error->code,    'code' )    if exists $expected->{code};
    return;
}

# What the library says of the requests that the server still takes.
sub _check_rate_limit {
    my ( $library, $scenario ) = @_;
    return if !exists $scenario->{rate_limit};
    my ( $expected, $said ) = ( $scenario->{rate_limit}, $library->rate_limit );
    return _equal( undef, $said, 'rate limit' )  if !$expected;
    die "a rate limit was expected, none came\n" if !$said;
    _equal( $expected->{$_}, $said->$_, $_ ) for sort keys %{$expected};
    return;
}

# Events

sub _check_events {
    my ( $self, $library, $scenario ) = @_;
    my @handlers = @{ $scenario->{handlers} };
    my ( @order, @got, @waiting );
    for my $number ( 0 .. $#handlers ) {
        my $handler = $handlers[$number];
        $got[$number] = [];
        my $record = sub {
            my ($event) = @_;
            push @{ $got[$number] }, $event;
            push @order,             $number;
            die "a handler that fails on purpose\n" if $handler->{raises};
            return;
        };
        my $source = $handler->{on} ? $self->_object( $library, $handler->{on} ) : $library;
        if ( exists $handler->{waits} ) {
            push @waiting, [ $source, $handler, $record ];
            next;
        }
        if ( $handler->{once} ) { $source->once( $handler->{event}, $record ) }
        else                    { $source->add_event_handler( $handler->{event}, $record ) }
        $source->remove_event_handler( $handler->{event}, $record ) if $handler->{removed};
    }
    $library->connect;
    $self->_call( $library, $_, q{} ) for @{ $scenario->{calls} // [] };
    $self->_wait( @{$_} ) for @waiting;
    my @exchanges = @{ $scenario->{exchanges} // [$scenario] };
    my @pushed =
      grep { exists $_->{type} } map { @{ $_->{response}{websocket}{push} // [] } } @exchanges;
    my @wanted = map {
            $_->{counts}       ? $_->{counts}{to}
          : $_->{receives_all} ? scalar @pushed
          : scalar @{ $_->{receives} }
    } @handlers;
    my $all = sub {
        return List::Util::all { @{ $got[$_] } >= $wanted[$_] } 0 .. $#handlers;
    };
    _turn( $PATIENCE,                  $all );
    _turn( $scenario->{linger} // 0.2, sub { return 0 } );
    $library->stop;
    $self->_check_received( $handlers[$_], $got[$_], \@pushed, "handlers[$_]" ) for 0 .. $#handlers;
    $self->_same( $scenario->{order}, \@order, 'order' ) if $scenario->{order};
    return;
}

# Turns the event loop until something is true, at most for so many seconds.
sub _turn {
    my ( $seconds, $done ) = @_;
    my $end   = Time::HiRes::time() + $seconds;
    my $clock = Mojo::IOLoop->recurring( 0.02 => sub { } );
    Mojo::IOLoop->one_tick while !$done->() && Time::HiRes::time() < $end;
    Mojo::IOLoop->remove($clock);
    return;
}

sub _wait {
    my ( $self, $source, $handler, $record ) = @_;
    my @times = ( $handler->{event}, timeout => $handler->{waits} );
    $record->( $source->wait_for(@times) ) for @{ $handler->{receives} };
    return if @{ $handler->{receives} };
    my $event = eval { $source->wait_for(@times) };
    my $error = $@;
    die 'no event was expected, ' . _shown($event) . " came\n" if $event;
    $self->_check_error( $error, { class => 'TimeoutException' }, 1 );
    return;
}

sub _check_received {
    my ( $self, $handler, $got, $pushed, $place ) = @_;
    if ( my $counts = $handler->{counts} ) {
        my @expected = map { "$_" } 0 .. $counts->{to} - 1;
        $self->_same( \@expected, [ map { $_->member( $counts->{member} ) } @{$got} ], $place );
    }
    elsif ( $handler->{receives_all} ) {

        # Queues of different objects run side by side: only the whole can be compared.
        my @expected = sort { _dumped($a) cmp _dumped($b) } @{$pushed};
        my @actual   = sort { _dumped( $a->TO_JSON ) cmp _dumped( $b->TO_JSON ) } @{$got};
        $self->_same( \@expected, \@actual, $place );
        $self->_check_type( $actual[$_], $expected[$_]{type}, $place ) for 0 .. $#actual;
    }
    else {
        $self->_same( $handler->{receives}, $got, $place );
    }
    return;
}

# Comparing a value of the library with JSON, as the README says

sub _same {
    my ( $self, $expected, $actual, $place ) = @_;
    if ( ref $expected eq 'ARRAY' ) {
        die "$place: a list was expected, " . _shown($actual) . " came\n" if ref $actual ne 'ARRAY';
        _equal( scalar @{$expected}, scalar @{$actual}, "number of $place" );
        $self->_same( $expected->[$_], $actual->[$_], "$place\[$_]" ) for 0 .. $#{$expected};
    }
    elsif ( ref $expected eq 'HASH' ) {
        $self->_same_members( $expected, $actual, $place );
    }
    elsif ( _is_moment($actual) ) {
        _same_moment( $expected, $actual, $place );
    }
    elsif ( ref $expected ) {
        die "$place: a boolean was expected, " . _shown($actual) . " came\n"
          if ref $actual ne ref $expected || !$actual != !$expected;
    }
    else {
        _equal( $expected, $actual, $place );
    }
    return;
}

sub _same_members {
    my ( $self, $expected, $actual, $place ) = @_;
    my %members = %{$expected};
    my ( $date, $base64, $text, $type ) = delete @members{qw($date $base64 $text $type)};
    return _same_moment( $date, $actual, $place )                          if defined $date;
    return _equal( MIME::Base64::decode_base64($base64), $actual, $place ) if defined $base64;
    return _equal( Encode::encode( 'UTF-8', $text ), $actual, $place )     if defined $text;
    $self->_check_type( $actual, $type, $place )                           if defined $type;
    for my $name ( sort keys %members ) {
        my $value = ref $actual eq 'HASH' ? $actual->{$name} : _attribute( $actual, $name, $place );
        $self->_same( $members{$name}, $value, "$place.$name" );
    }
    return;
}

# An attribute; what the documents do not know has no accessor.
sub _attribute {
    my ( $object, $name, $place ) = @_;
    die "$place: an object was expected, " . _shown($object) . " came\n"
      if !Scalar::Util::blessed($object);
    my ($method) = grep { $object->can($_) } map { ( "${_}_", $_ ) } $name =~ s/\W+/_/gr;
    return $method ? $object->$method : $object->member($name);
}

sub _is_moment {
    my ($value) = @_;
    return Scalar::Util::blessed($value) && $value->can('epoch');
}

sub _same_moment {
    my ( $expected, $actual, $place ) = @_;
    die "$place: a moment was expected, " . _shown($actual) . " came\n" if !_is_moment($actual);
    my ( $year, $month, @rest ) =
      $expected =~ /\A(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)([.]\d+)?(?:Z|([+-]\d\d):?(\d\d))\z/a
      or die "$place: $expected is no moment\n";
    my ( $day, $hour, $minute, $second, $fraction, $hours, $minutes ) = @rest;
    my $epoch =
      Time::Local::timegm( $second, $minute, $hour, $day, $month - 1, $year ) + ( $fraction // 0 );
    $epoch -= $hours * 3600 + ( $hours =~ /-/ ? -60 : 60 ) * $minutes if defined $hours;
    die "$place: $expected was expected, $actual came\n" if abs( $epoch - $actual->epoch ) > 0.0005;
    return;
}

sub _equal {
    my ( $expected, $actual, $place ) = @_;
    my $same = defined $expected ? defined $actual && $expected eq $actual : !defined $actual;
    die "$place: " . _shown($expected) . ' was expected, ' . _shown($actual) . " came\n" if !$same;
    return;
}

sub _shown {
    my ($value) = @_;
    return ref $value ? _dumped($value) : defined $value ? "'$value'" : 'undef';
}

sub _dumped {
    my ($value) = @_;
    require Data::Dumper;
    return Data::Dumper->new( [$value] )->Indent(0)->Terse(1)->Sortkeys(1)->Dump;
}

1;
