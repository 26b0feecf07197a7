package Library::Runtime::Client;

# The base of a library's main class: settings, calls, results and errors.

use strict;
use warnings;

use Library::Exceptions;
use Library::Runtime::Install qw(install);
use Library::Runtime::Model;

use List::Util qw(any first);
use Scalar::Util qw(looks_like_number);
use Time::HiRes ();

my $MAX_REDIRECTS = 5;

# What a library is made with. $access says how requests are written: lists, query_limit, user_agent,
# credentials_parameter, hints (status => what to check), and options: further ones of the main class.
sub new {
    my ( $class, $access, %options ) = @_;
    _check_names( [ qw(api_url password timeout tls ua username), @{ $access->{options} // [] } ], \%options );
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
    my %settings = (
        access  => $access,
        url     => _checked_url( $options{api_url} ),
        timeout => _seconds( timeout => $options{timeout} // 30 ),
        tls     => $options{tls} // {},
        headers => \%headers,
        ua      => $options{ua},
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
        install( $class, $name,
            sub { my ($self) = @_; return Library::Runtime::Model::loaded($resource)->new($self) } );
    }
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
                Library::Runtime::Model::loaded($entity);
                return Library::Runtime::Entity::made_here( $entity, $self, $id // _new_id() );
            }
        );
    }
    return;
}

# Runs an operation and gives its result. $list has the arguments as the program gave them, $own those
# that the object itself gives.
sub call {
    my ( $self, $operation, $list, $own ) = @_;
    return $self->_waited( $self->call_p( $operation, $list, $own ) ) if $self->turns_loop;
    my $call     = $self->_begun( $operation, $list, $own );
    my $response = $self->_blocking->send( $call->{request} );
    my $hops     = 0;
    while ( my $next = $self->_redirected( $call->{request}, $response, $hops++ ) ) {
        $response = $self->_blocking->send($next);
    }
    return $self->_ended( $call, $response );
}

# The same with a promise of the result.
sub call_p {
    my ( $self, $operation, $list, $own ) = @_;
    require Mojo::Promise;
    my $call = eval { $self->_begun( $operation, $list, $own ) } or return Mojo::Promise->reject($@);
    return $self->_sent_p( $call->{request}, 0 )->then( sub { return $self->_ended( $call, @_ ) } );
}

# Whether a blocking call turns the event loop until its answer is there, instead of blocking it.
sub turns_loop {
    return $INC{'Mojo/IOLoop.pm'} && Mojo::IOLoop->is_running;
}

# Turns the loop until a promise is settled, and gives its value or dies of its reason.
sub _waited {
    my ( $self, $promise ) = @_;
    my ( $settled, $failed, @outcome );
    $promise->then( sub { ( $settled, @outcome ) = ( 1, @_ ) }, sub { ( $settled, $failed, @outcome ) = ( 1, 1, @_ ) } );
    Mojo::IOLoop->one_tick until $settled;
    die $outcome[0] if $failed;
    return $outcome[0];
}

# What the models of a call that begins now come from; see Model.pm.
sub origin {
    my ($self) = @_;
    return { library => sub { return $self }, since => 0 };
}

# Called after every operation that succeeded, with its arguments by name.
sub succeeded { return }

# Asks an address below the API's URL with GET; a promise of the response (status, reason, headers, body).
sub probe_p {
    my ( $self, $target ) = @_;
    my $settings = $self->settings;
    return $self->_transport->send_p(
        {
            method  => 'GET',
            path    => $target =~ s/[?].*//sr,
            url     => $settings->{url} . $target,
            headers => { %{ $settings->{headers} } },
            timeout => $settings->{timeout},
        }
    );
}

sub _begun {
    my ( $self, $operation, $list, $own ) = @_;
    my $origin    = $self->origin;
    my $settings  = $self->settings;
    my $arguments = $operation->arguments( $list, $own );
    my $request   = $operation->request( $arguments, $settings->{access} );
    my $timeout   = $arguments->{request_timeout};
    $request->{url}     = $settings->{url} . $request->{target};
    $request->{headers} = { %{ $settings->{headers} }, %{ $request->{headers} } };
    $request->{timeout} = defined $timeout ? _seconds( request_timeout => $timeout ) : $settings->{timeout};
    return { operation => $operation, arguments => $arguments, request => $request, origin => $origin };
}

sub _ended {
    my ( $self, $call, $response ) = @_;
    $self->_check( $call->{request}, $response );
    my $result = $self->_result( $call, $response );
    $self->succeeded( @{$call}{qw(operation arguments)} );
    return $result;
}

sub _check {
    my ( $self, $request, $response ) = @_;
    my $status = $response->{status};
    return if $status >= 200 && $status < 300;
    my $text    = _text( $response->{body} );
    my $message = _message_of( $response, $text ) || $response->{reason} || "status $status";

    # A page instead of JSON comes from something else than the API: the URL is not the API's.
    my $helps = $status == 401 || $status == 403 || $response->{content_type} eq 'text/html';
    die Library::Exceptions::error_for_status(
        $status, $message,
        method => $request->{method},
        path   => $request->{path},
        body   => $text,
        hint   => $helps ? $self->settings->{access}{hints}{$status} : undef,
    );
}

sub _result {
    my ( $self, $call, $response ) = @_;
    my $type = $call->{operation}{result};
    my $body = $response->{body};
    return $body if $type eq 'binary';
    return undef if !length $body || ( $type eq 'void' && $response->{content_type} ne 'application/json' );
    require Mojo::JSON;
    my $value = eval { Mojo::JSON::decode_json($body) };
    if ( my $error = $@ ) {
        my $what = $response->{content_type} || 'of no type';
        die Library::Exceptions::error_for_status(
            $response->{status},
            "the answer is not JSON but $what: is " . $self->settings->{url} . ' the URL of the API?',
            method => $call->{request}{method},
            path   => $call->{request}{path},
            body   => _text($body),
            cause  => $error,
        );
    }
    return Library::Runtime::Model::decode( $type, $value, $call->{origin} );
}

sub _blocking {
    my ($self) = @_;
    my $settings = $self->settings;
    return $settings->{blocking} //= do {
        require Library::Runtime::Blocking;
        Library::Runtime::Blocking->new($settings);
    };
}

sub _transport {
    my ($self) = @_;
    my $settings = $self->settings;
    return $settings->{transport} //= do {
        require Library::Runtime::Transport;
        Library::Runtime::Transport->new($settings);
    };
}

sub _sent_p {
    my ( $self, $request, $hops ) = @_;
    return $self->_transport->send_p($request)->then(
        sub {
            my ($response) = @_;
            my $next = $self->_redirected( $request, $response, $hops ) or return $response;
            return $self->_sent_p( $next, $hops + 1 );
        }
    );
}

sub _redirected { return }

# Text that a server sent, whatever bytes it is made of.
sub _text {
    my ($bytes) = @_;
    require Encode;
    return Encode::decode( 'UTF-8', $bytes );
}

# What the server says of its error: "message" or "error" of a JSON object.
sub _message_of {
    my ( $response, $text ) = @_;
    return '' if $response->{content_type} ne 'application/json';
    require Mojo::JSON;
    my $body = eval { Mojo::JSON::decode_json( $response->{body} ) };
    return '' if ref $body ne 'HASH';
    return first { defined && !ref } @{$body}{qw(message error)};
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
        _refuse( "there is no option $name; there are " . join ', ', sort @{$known} );
    }
    return;
}

sub _refuse {
    my ($why) = @_;
    Library::IllegalInputException->throw($why);
}

sub _new_id {
    require Digest::SHA;
    my $digest = Digest::SHA::sha1_hex( join ' ', Time::HiRes::time(), $$, rand, \my $place );
    return join '-', unpack 'A8 A4 A4 A4 A12', $digest;
}

1;
