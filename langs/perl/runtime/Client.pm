package Library::Runtime::Client;

# The base of a library's main class: settings, calls, results and errors.

use strict;
use warnings;

use Library::Exceptions;
use Library::Runtime::Classes qw(install loaded);
use Library::Runtime::Model;
use Library::Runtime::Operation qw(similar);

use List::Util   qw(any first);
use Scalar::Util qw(looks_like_number);
use Time::HiRes  ();

my $MAX_REDIRECTS = 5;
my %IS_REDIRECT   = map { $_ => 1 } 301, 302, 303, 307, 308;

# How a server is reached that is not the API's.
my %ELSEWHERE = ( tls => {}, headers => {} );

# What a library is made with. $access says how requests are written: lists, query_limit, user_agent,
# hints (status => what to check), options: further ones of the main class, and proves: what a program proves who it is
# with, where that is not user name and password; see Credentials. Where the API has such: "own", the word for the own
# id of whoever asks and the types of users, "paging" and "windows", see Iterator, and rate_limit, the headers for it.
sub new {
    my ( $class, $access, %options ) = @_;
    my $proves = $access->{proves};
    my @known  = ( qw(api_url timeout tls ua), @{ $access->{options} // [] } );
    push @known, 'user_type' if $access->{own};
    push @known, $proves ? @{ $proves->{options} } : qw(password username);
    _check_names( \@known, \%options );
    my ( $username, $password ) = @options{qw(username password)};
    _refuse('username and password belong together: give both or none')
      if defined $username != defined $password;
    _refuse('username holds a colon, which ends a user name in HTTP')
      if defined $username && $username =~ /:/;
    my %headers = ( 'User-Agent' => $access->{user_agent} );

    if ( defined $username ) {
        require MIME::Base64;
        my $credentials = "$username:$password";
        utf8::encode($credentials);
        $headers{Authorization} = 'Basic ' . MIME::Base64::encode_base64( $credentials, '' );
    }
    my $url = _checked_url( $options{api_url} // $access->{url} );
    my $credentials;
    if ($proves) {
        $credentials = loaded('Library::Runtime::Credentials')->new( $proves, \%options, "$url/" );
        %headers     = ( %headers, %{ $credentials->headers } );
    }
    my $user_type = _checked_type( $access, $options{user_type} );
    my %settings  = (
        access  => defined $user_type ? { %{$access}, user_type => $user_type } : $access,
        url     => $url,
        timeout => _seconds( timeout => $options{timeout} // 30 ),
        tls     => _checked_tls( $options{tls} // {} ),
        headers => \%headers,
        ua      => $options{ua},

        # The headers that are meant for one server alone.
        secret      => [ grep { $_ ne 'User-Agent' } 'Authorization', sort keys %headers ],
        credentials => $credentials,
    );

    # A closure shows nothing of itself to Data::Dumper and its like: no password gets into a log.
    return bless { settings => sub { return \%settings } }, $class;
}

# What the event connection needs to know: url, timeout, tls, headers, ua and access.
sub settings {
    my ($self) = @_;
    return $self->{settings}->();
}

# Lets go of the kept-alive connections. The library may still be used, and opens new ones.
sub disconnect {
    my ($self) = @_;
    my $settings = $self->settings;
    delete @{$settings}{qw(blocking transport)};
    return;
}

sub TO_JSON {
    my ($self) = @_;
    return { api_url => $self->settings->{url} };
}

# Gives a class an accessor for each resource: name => class.
sub resources {
    my ( $class, @resources ) = @_;
    while ( my ( $name, $resource ) = splice @resources, 0, 2 ) {
        install( $class, $name, sub { my ($self) = @_; return loaded($resource)->new($self) } );
    }
    return;
}

# Gives a class an accessor for each place directly below the API's URL; see Place.
sub places {
    my ( $class, @places ) = @_;
    loaded('Library::Runtime::Place');
    Library::Runtime::Place::install_places( $class, sub { return @_ }, @places );
    return;
}

# Gives a class methods of its resources: name => resource.
sub shortcuts {
    my ( $class, @shortcuts ) = @_;
    while ( my ( $name, $resource ) = splice @shortcuts, 0, 2 ) {
        for my $method ( $name, "${name}_p" ) {
            install(
                $class, $method,
                sub {
                    my ( $self, @arguments ) = @_;
                    return $self->$resource->$method(@arguments);
                }
            );
        }
    }
    return;
}

# Gives a class the methods that make objects before the server knows of them: name => class.
sub new_objects {
    my ( $class, @objects ) = @_;
    while ( my ( $name, $entity ) = splice @objects, 0, 2 ) {
        install(
            $class, $name,
            sub {
                my ( $self, $id ) = @_;
                loaded($entity);
                return Library::Runtime::Entity::made_here( $entity, $self, $id // _new_id() );
            }
        );
    }
    return;
}

# Runs an operation and gives its result. $list has the arguments as the program gave them, $own those
# that an object gives, by the document's names. A hash for $list has them all by name.
sub call {
    my ( $self, $operation, $list, $own ) = @_;
    return waited( $self->call_p( $operation, $list, $own ) ) if loop_runs();
    my $call = $self->_begun( $operation, $list, $own );
    my $result;
    return $result
      if eval { $result = $self->_ended( $call, $self->_sent( $call->{request} ) ); 1 };
    return $self->_give_up( $call, $@ );
}

# The same with a promise of the result.
sub call_p {
    my ( $self, $operation, $list, $own ) = @_;
    require Mojo::Promise;
    my $call = eval { $self->_begun( $operation, $list, $own ) }
      or return Mojo::Promise->reject($@);
    my $ended =
      $self->_sent_p( $call->{request} )->then( sub { return $self->_ended( $call, @_ ) } );
    return $ended if !$operation->{makes};
    return $ended->catch( sub { return $self->_give_up( $call, @_ ) } );
}

# Runs an operation whose result is binary, and writes the result to the first of the arguments: a file's
# path, a handle, or code that gets each piece. Gives the number of bytes.
sub call_to {
    my ( $self, $operation, $list, $own ) = @_;
    return waited( $self->call_to_p( $operation, $list, $own ) ) if loop_runs();
    my ( $destination, @arguments ) = @{$list};
    my $call     = $self->_begun( $operation, \@arguments, $own, 1 );
    my $download = $self->_download( $call, $destination );
    return $download->finished(
        $self->_checked( $call->{request}, $self->_sent( $call->{request} ) ) );
}

# The same with a promise of the number.
sub call_to_p {
    my ( $self, $operation, $list, $own ) = @_;
    require Mojo::Promise;
    my ( $destination, @arguments ) = @{$list};
    my ( $call, $download );
    eval {
        $call     = $self->_begun( $operation, \@arguments, $own, 1 );
        $download = $self->_download( $call, $destination );
        1;
    } or return Mojo::Promise->reject($@);
    return $download->finished_p( $self->_sent_p( $call->{request} )
          ->then( sub { return $self->_checked( $call->{request}, @_ ) } ) );
}

sub _download {
    my ( $self, $call, $destination ) = @_;
    require Library::Runtime::Download;
    my $download = Library::Runtime::Download->new( $destination, $call->{arguments}{progress} );
    $call->{request}{sink} = $download->sink;
    return $download;
}

# Whether a blocking call has to turn the event loop until its answer is there, instead of stopping it.
sub loop_runs {
    return $INC{'Mojo/IOLoop.pm'} && Mojo::IOLoop->is_running;
}

# Turns the loop until a promise is settled, and gives its value or dies of its reason.
sub waited {
    my ($promise) = @_;
    require Library::Runtime::Loop;
    my ( $settled, $failed, $outcome );
    $promise->then(
        sub { ( $outcome, $settled ) = ( $_[0], 1 ) },
        sub { ( $outcome, $settled, $failed ) = ( $_[0], 1, 1 ) }
    );
    Library::Runtime::Loop::turn_until( sub { return $settled } );
    die $outcome if $failed;
    return $outcome;
}

# What the models of a call that begins now come from; see Model.pm.
sub origin {
    my ($self) = @_;
    return { library => sub { return $self }, since => 0 };
}

# Called when an operation has succeeded that changes what the program hears of, with its arguments by name.
sub succeeded {
    return;
}

# Called when an operation has failed that makes an object, with its arguments by name.
sub failed {
    return;
}

# Asks an address below the API's URL with GET; a promise of the response.
sub probe_p {
    my ( $self, $target ) = @_;
    my $settings = $self->settings;
    return $self->_sent_p(
        {
            method  => 'GET',
            path    => $target =~ s/[?].*//sr,
            url     => $settings->{url} . _proving( $settings, $target ),
            secret  => $settings->{secret},
            headers => { %{ $settings->{headers} } },
            timeout => $settings->{timeout},
        }
    );
}

sub _begun {
    my ( $self, $operation, $list, $own, $writes ) = @_;
    my %call = ( operation => $operation, origin => $self->origin );
    return \%call if eval {
        $call{arguments} =
          ref $list eq 'HASH' ? $list : $operation->arguments( $list, $own, $writes );
        $call{request} = $self->_request( @call{qw(operation arguments)} );
        1;
    };
    my $error = $@;

    # What the object itself gives is known, whatever else was wrong.
    $call{arguments} //= $operation->arguments( [], $own );
    return $self->_give_up( \%call, $error );
}

sub _request {
    my ( $self, $operation, $arguments ) = @_;
    my $settings = $self->settings;
    my $request  = $operation->request( $arguments, @{$settings}{qw(access headers)} );
    $request->{url}     = $settings->{url} . _proving( $settings, $request->{target} );
    $request->{timeout} = $self->_timeout( $arguments->{request_timeout} );
    $request->{secret}  = $settings->{secret};
    return $request;
}

# The same for others.
sub request_of {
    my ( $self, @call ) = @_;
    return $self->_request(@call);
}

# The seconds that a call may take, which the program may have said.
sub _timeout {
    my ( $self, $given ) = @_;
    return defined $given ? _seconds( request_timeout => $given ) : $self->settings->{timeout};
}

# Dies of the error of a call.
sub _give_up {
    my ( $self, $call, $error ) = @_;
    $self->failed( @{$call}{qw(operation arguments)} ) if $call->{operation}{makes};
    die $error;
}

# Path and query with the keys that travel there.
sub _proving {
    my ( $settings, $target ) = @_;
    my $credentials = $settings->{credentials};
    return $credentials ? $credentials->target($target) : $target;
}

# The response to a request.
sub _sent {
    my ( $self, $request ) = @_;
    return $self->_counted( $self->_proved($request) );
}

sub _proved {
    my ( $self, $request ) = @_;
    my $credentials = $self->settings->{credentials} or return $self->_followed($request);
    return $credentials->sent(
        $request,
        sub { return $self->_followed(@_) },
        sub {
            return $self->_transport( 'Blocking', $self->_elsewhere )->send_request(@_);
        }
    );
}

# The same with a promise.
sub _sent_p {
    my ( $self, $request ) = @_;
    my $sent = $self->_proved_p($request);
    return $sent if !$self->settings->{access}{rate_limit};
    return $sent->then( sub { return $self->_counted(@_) } );
}

sub _proved_p {
    my ( $self, $request ) = @_;
    my $credentials = $self->settings->{credentials} or return $self->_followed_p($request);
    return $credentials->sent_p(
        $request,
        sub { return $self->_followed_p(@_) },
        sub {
            my $transport = $self->_transport( 'Transport', $self->_elsewhere );
            return $transport->send_p(@_)->finally( sub { undef $transport } );
        }
    );
}

# The response; what it says of the requests that are left, is kept.
sub _counted {
    my ( $self, $response ) = @_;
    my $settings = $self->settings;
    my $headers  = $settings->{access}{rate_limit} or return $response;
    $settings->{rate_limit} =
      loaded('Library::Runtime::RateLimit')->new( $headers, $response->{headers} );
    return $response;
}

# How a server is reached that gives tokens: in the same way, without credentials.
sub _elsewhere {
    my ($self)   = @_;
    my $settings = $self->settings;
    my $name     = $settings->{access}{user_agent};
    return { %{$settings}{qw(tls ua)}, headers => { 'User-Agent' => $name } };
}

# The response to a request, after all redirections.
sub _followed {
    my ( $self, $request ) = @_;
    my $response = $self->_way( Blocking => $request )->send_request($request);
    my $hops     = 0;
    while ( my $next = _redirected( $request, $response, ++$hops ) ) {
        $response = $self->_way( Blocking => $next )->send_request($next);
        $request  = $next;
    }
    return $response;
}

# The same with a promise.
sub _followed_p {
    my ( $self, $request, $hops ) = @_;
    my $transport = $self->_way( Transport => $request );
    return $transport->send_p($request)->then(
        sub {
            my ($response) = @_;

            # Until here, the transport is needed.
            undef $transport;
            my $next = _redirected( $request, $response, ++$hops ) or return $response;
            return $self->_followed_p( $next, $hops );
        }
    );
}

# The transport of a request: the one that is kept, or one for a server that is not the API's.
sub _way {
    my ( $self, $kind, $request ) = @_;
    return $self->_transport( $kind, $request->{through} ) if $request->{through};
    my $settings = $self->settings;
    return $settings->{ lc $kind } //= $self->_transport( $kind, $settings );
}

sub _transport {
    my ( $self, $kind, $settings ) = @_;
    return loaded("Library::Runtime::$kind")->new($settings);
}

# The request that follows a response which redirects, if this one does.
sub _redirected {
    my ( $request, $response, $hops ) = @_;
    my $location = $response->{headers}{location};
    return if !$IS_REDIRECT{ $response->{status} } || $request->{method} ne 'GET' || !$location;
    require Library::Runtime::Failure;
    require Mojo::URL;
    die Library::Runtime::Failure::no_answer( $request,
        "redirected more than $MAX_REDIRECTS times" )
      if $hops > $MAX_REDIRECTS;
    my $here = Mojo::URL->new( $request->{url} );
    my $url  = Mojo::URL->new($location)->to_abs($here);
    die Library::Runtime::Failure::no_answer( $request, 'redirected to what is no HTTP' )
      if $url->protocol !~ /\Ahttps?\z/ || !length( $url->host // q{} );

    # The program's credentials and the TLS options are meant for one server alone.
    my $home    = $request->{home} // $here;
    my $through = $request->{through};
    $through //= \%ELSEWHERE if _server($url) ne _server($home);
    my %headers = %{ $request->{headers} };
    delete @headers{ @{ $request->{secret} } } if $through;
    return {
        %{$request},
        url     => $url->fragment(undef)->to_unsafe_string,
        headers => \%headers,
        home    => $home,
        through => $through,
    };
}

# Protocol, host and port.
sub _server {
    my ($url) = @_;
    my $protocol = $url->protocol;
    return join q{ }, $protocol, lc $url->host, $url->port // ( $protocol eq 'https' ? 443 : 80 );
}

# What is to be done about a response that came: nothing but to give its content, or to die.
sub _ended {
    my ( $self, $call, $response ) = @_;
    $self->_checked( $call->{request}, $response );
    my $result = $self->_result( $call, $response );
    $self->succeeded( @{$call}{qw(operation arguments)} ) if $call->{operation}{subscription};
    return $result;
}

# The response, if it tells of success.
sub _checked {
    my ( $self, $request, $response ) = @_;
    my $status = $response->{status};
    return $response if $status >= 200 && $status < 300;
    my $type = _media_type($response);
    my $text = _text( $response->{body} );
    my ( $message, $code ) = _told( $type, $response->{body} );
    $message //= $response->{reason};
    $message = "status $status" if $message eq q{};

    # A page instead of JSON comes from something else than the API: the URL is not the API's.
    my $helps =
      !$request->{foreign} && ( $status == 401 || $status == 403 || $type eq 'text/html' );
    die Library::Exceptions::error_for_status(
        $status, $message,
        method => $request->{method},
        path   => $request->{path},
        body   => $text,
        code   => $code,
        hint   => $helps ? $self->settings->{access}{hints}{$status} : undef,
    );
}

sub _result {
    my ( $self, $call, $response ) = @_;
    my ( $operation, $request ) = @{$call}{qw(operation request)};
    my $type = $operation->{result};
    my $body = $response->{body};
    return $body                               if $type eq 'binary';
    return _text( $body, _charset($response) ) if $type eq 'text';
    my $nothing = $body eq q{} || $type eq 'void' && _media_type($response) ne 'application/json';
    my ( $value, $error ) = $nothing ? () : _json($body);

    if ( defined $error ) {
        my $what = _media_type($response) || 'of no type';
        die Library::Exceptions::error_for_status(
            $response->{status},
            "the answer is not JSON but $what: is "
              . $self->settings->{url}
              . ' the URL of the API?',
            method => $request->{method},
            path   => $request->{path},
            body   => _text($body),
            cause  => $error,
        );
    }
    my $decoder = $operation->{decoder};
    return $decoder && defined $value ? $decoder->( $value, $call->{origin} ) : $value;
}

# The media type of the body, in lower case and without its parameters.
sub _media_type {
    my ($response) = @_;
    my ($type)     = lc( $response->{headers}{'content-type'} // q{} ) =~ /\A\s*([^;\s]*)/;
    return $type;
}

# The value of JSON, or what is wrong with it.
sub _json {
    my ($bytes) = @_;
    require Mojo::JSON;
    my $value = eval { Mojo::JSON::decode_json($bytes) };
    my $error = $@;
    return $error ? ( undef, $error ) : $value;
}

# The character set of the body, where the server says.
sub _charset {
    my ($response) = @_;
    my $type = $response->{headers}{'content-type'} // q{};
    return $type =~ /;\s*charset\s*=\s*"?([^\s;"]+)/i ? $1 : undef;
}

# Text that a server sent, whatever bytes it is made of.
sub _text {
    my ( $bytes, $charset ) = @_;
    require Encode;
    my $encoding = defined $charset && Encode::find_encoding($charset);
    return $encoding ? $encoding->decode($bytes) : Encode::decode( 'UTF-8', $bytes );
}

# What the server says of its error, if that is an object of JSON: for people, and its own word for it.
sub _told {
    my ( $type, $body ) = @_;
    return if $type ne 'application/json';
    my ($value) = _json($body);
    return if ref $value ne 'HASH';
    require Library::Runtime::Failure;
    return Library::Runtime::Failure::told( $value, qw(message error_description error) );
}

# The type of the user, if the program knows it.
sub _checked_type {
    my ( $access, $type ) = @_;
    return if !defined $type;
    my @types = @{ $access->{own}{types} };
    return "$type" if any { $_ eq $type } @types;
    return _refuse( qq{user_type is "$type": allowed are } . join ', ', @types );
}

sub _checked_url {
    my ($url) = @_;
    my $shown = defined $url ? qq{"$url"} : 'undef';
    _refuse("api_url is $shown: a URL such as http://host:8088/path is wanted")
      if !defined $url || $url !~ m{\Ahttps?://[^/?#\s]+(?:/[^?#\s]*)?\z}i;
    _refuse('api_url holds a user name: give username and password as options of their own')
      if $url =~ m{\A\w+://[^/]*@};
    return "$url" =~ s{/+\z}{}r;
}

# The names are those of Mojo::UserAgent, and what IO::Socket::SSL has more.
sub _checked_tls {
    my ($tls) = @_;
    _refuse('tls is no hash: one with ca, cert, key or insecure is wanted') if ref $tls ne 'HASH';
    for my $name ( sort keys %{$tls} ) {
        _refuse("tls has no option $name; there are ca, cert, insecure, key and SSL_...")
          if $name !~ /\A(?:ca|cert|insecure|key|SSL_\w+)\z/;
    }
    return $tls;
}

sub _seconds {
    my ( $name, $value ) = @_;
    _refuse("$name is $value: a number of seconds above 0 is wanted")
      if !looks_like_number($value) || !( $value > 0 ) || $value > 1e6;
    return $value;
}

sub _check_names {
    my ( $known, $options ) = @_;
    for my $name ( sort keys %{$options} ) {
        next if any { $_ eq $name } @{$known};
        my $hint = similar( $name, @{$known} );
        $hint = $hint ? ": is $hint meant?" : '; there are ' . join ', ', sort @{$known};
        _refuse("there is no option $name$hint");
    }
    return;
}

sub _refuse {
    my ($why) = @_;
    return Library::IllegalInputException->throw($why);
}

sub _new_id {
    require Digest::SHA;
    my $digest = Digest::SHA::sha1_hex( join ' ', Time::HiRes::time(), $$, rand, \my $place );
    return join '-', unpack 'A8 A4 A4 A4 A12', $digest;
}

1;
