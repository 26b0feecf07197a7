package Library::Runtime::Credentials;

# Who the program is, where the server asks for more than a user name: tokens and keys.

use strict;
use warnings;

use Scalar::Util ();
use Time::HiRes  ();

use Library::Exceptions         ();
use Library::Runtime::Failure   ();
use Library::Runtime::Operation ();

# A token is renewed when less than this share of its life is left, or so many seconds.
my $SHARE   = 0.1;
my $SECONDS = 60;

# What a program may give, and how it travels: $wanted has "options", their names, "keys" (option => in, which is
# header or query, and name), and "grant" (token_url and scopes). $options are those of the main class.
sub new {
    my ( $class, $wanted, $options, $url ) = @_;
    my $grant = $wanted->{grant};
    my ( $token, $id, $secret ) = @{$options}{qw(token client_id client_secret)};
    _refuse('client_id and client_secret belong together: give both or none')
      if defined $id != defined $secret;
    my @ways = grep { defined $options->{$_} } qw(token client_id username);
    _refuse( join( ' and ', @ways ) . ' exclude each other: give one' ) if @ways > 1;
    my ( %headers, @query );
    my $keys = $wanted->{keys} // {};

    for my $option ( grep { $keys->{$_} } @{ $wanted->{options} } ) {
        my $key = $options->{$option} // next;
        my ( $location, $parameter ) = @{ $keys->{$option} }{qw(in name)};
        if ( $location eq 'header' ) { $headers{$parameter} = _fit( $option, $key ) }
        else {
            push @query, join q{=}, map { Library::Runtime::Operation::encode("$_") } $parameter,
              $key;
        }
    }
    if ( defined $token && !Library::Runtime::Operation::is_code($token) ) {
        $headers{Authorization} = 'Bearer ' . _fit( token => $token );
        undef $token;
    }
    my %proof = ( headers => \%headers, query => join( q{&}, @query ), token => $token );
    if ( defined $id ) {
        my @scopes = @{ $grant->{scopes} // [] };
        my @form   = (
            grant_type    => 'client_credentials',
            client_id     => $id,
            client_secret => $secret,
            @scopes ? ( scope => join q{ }, @scopes ) : ()
        );
        $proof{grant} = { url => _token_url( $grant->{token_url}, $url ), form => \@form };
    }

    # A closure shows nothing of itself to Data::Dumper and its like.
    return bless sub { return \%proof }, $class;
}

# The headers that never change.
sub headers {
    my ($self) = @_;
    return $self->()->{headers};
}

# Puts the keys that travel there into path and query.
sub target {
    my ( $self, $target ) = @_;
    my $query = $self->()->{query};
    return $target if $query eq q{};
    return $target . ( $target =~ /[?]/ ? q{&} : q{?} ) . $query;
}

# The response to a request, sent with what must be looked up for it. $send sends a request; $ask one that
# asks for a token.
sub sent {
    my ( $self, $request, $send, $ask ) = @_;
    my $proof = $self->();
    return $send->( _bearing( $request, $proof->{token}->() ) ) if $proof->{token};
    return $send->($request)                                    if !$proof->{grant};
    my $token    = _kept($proof) // _fetched( $proof, $request, $ask );
    my $response = $send->( _bearing( $request, $token ) );
    return $response if !_again( $request, $response );

    # The server may have forgotten it before its time.
    _dropped( $proof, $token );
    $token = _kept($proof) // _fetched( $proof, $request, $ask );
    return $send->( _bearing( $request, $token ) );
}

# The same with promises.
sub sent_p {
    my ( $self, $request, $send, $ask ) = @_;
    my $proof = $self->();
    if ( $proof->{token} ) {
        my $bearing = eval { _bearing( $request, $proof->{token}->() ) }
          or return Mojo::Promise->reject($@);
        return $send->($bearing);
    }
    return $send->($request) if !$proof->{grant};
    return _token_p( $proof, $request, $ask )->then(
        sub {
            my ($token) = @_;
            return $send->( _bearing( $request, $token ) )->then(
                sub {
                    my ($response) = @_;
                    return $response if !_again( $request, $response );
                    _dropped( $proof, $token );
                    return _token_p( $proof, $request, $ask )
                      ->then( sub { return $send->( _bearing( $request, @_ ) ) } );
                }
            );
        }
    );
}

sub _fetched {
    my ( $proof, $request, $ask ) = @_;
    my $question = _question( $proof, $request );
    return _got( $proof, $question, $ask->($question) );
}

# A promise of a token. Calls at the same time wait for the same one.
sub _token_p {
    my ( $proof, $request, $ask ) = @_;
    my $token = _kept($proof);
    return Mojo::Promise->resolve($token) if defined $token;
    return $proof->{fetching}             if $proof->{fetching};
    my $question = _question( $proof, $request );
    my $fetching = $ask->($question)->then( sub { return _got( $proof, $question, @_ ) } );
    $proof->{fetching} = $fetching;
    $fetching->finally( sub { delete $proof->{fetching}; return } )->catch( sub { } );
    return $fetching;
}

sub _kept {
    my ($proof) = @_;
    delete @{$proof}{qw(kept until)}
      if defined $proof->{until} && Time::HiRes::time() >= $proof->{until};
    return $proof->{kept};
}

# Forgets a token, unless there is another one by now.
sub _dropped {
    my ( $proof, $token ) = @_;
    delete @{$proof}{qw(kept until)} if defined $proof->{kept} && $proof->{kept} eq $token;
    return;
}

# The request for a token.
sub _question {
    my ( $proof, $request ) = @_;
    my ( $url,   $form )    = @{ $proof->{grant} }{qw(url form)};
    my @items = @{$form};
    my @pairs;
    while ( my ( $name, $value ) = splice @items, 0, 2 ) {
        push @pairs, join q{=}, map { Library::Runtime::Operation::encode("$_") } $name, $value;
    }
    my ($path) = $url =~ m{\A\w+://[^/?]*([^?]*)};
    return {
        method  => 'POST',
        path    => $path,
        url     => $url,
        timeout => $request->{timeout},
        body    => join( q{&}, @pairs ),
        begun   => Time::HiRes::time(),
        headers => {
            'User-Agent'   => $request->{headers}{'User-Agent'},
            'Accept'       => 'application/json',
            'Content-Type' => 'application/x-www-form-urlencoded',
        },
    };
}

# The token of an answer.
sub _got {
    my ( $proof, $question, $response ) = @_;
    require Mojo::JSON;
    my $answer = eval { Mojo::JSON::decode_json( $response->{body} ) };
    $answer = {} if ref $answer ne 'HASH';
    my ( $token, $life ) = @{$answer}{qw(access_token expires_in)};
    my $status = $response->{status};
    if ( $status == 200 && _is_fit($token) ) {
        $proof->{kept} = $token;
        if ( Scalar::Util::looks_like_number($life) ) {
            my $spare = $life * $SHARE < $SECONDS ? $life * $SHARE : $SECONDS;
            $proof->{until} = $question->{begun} + $life - $spare;
        }
        return $token;
    }
    my ( $told, $code ) =
      Library::Runtime::Failure::told( $answer, qw(error_description message error) );
    my ($why)   = grep { defined && length } $told, $response->{reason}, 'the answer holds none';
    my %details = ( method => 'POST', path => $question->{path}, status => $status, code => $code );
    my $message = "no token was given: $why";
    die Library::NotAuthorizedException->new( $message, %details )
      if $status >= 400 && $status < 500;
    delete $details{status};
    die Library::Exceptions::error_for_status( $status, $message, %details );
}

sub _bearing {
    my ( $request, $token ) = @_;
    my %headers =
      ( %{ $request->{headers} }, Authorization => 'Bearer ' . _fit( token => $token ) );
    return { %{$request}, headers => \%headers };
}

# Whether a request is to be sent once more, with another token.
sub _again {
    my ( $request, $response ) = @_;
    return $response->{status} == 401 && ( !ref $request->{body} || $request->{body}->can_rewind );
}

# Where the tokens are; a relative address counts from the library's URL.
sub _token_url {
    my ( $address, $url ) = @_;
    require Mojo::URL;
    my $found = Mojo::URL->new($address)->to_abs( Mojo::URL->new($url) )->fragment(undef);
    _refuse("$address is no URL to get tokens from")
      if ( $found->protocol // q{} ) !~ /\Ahttps?\z/ || !length( $found->host // q{} );
    return $found->to_unsafe_string;
}

# The value, if a header can carry it; what it is, nobody is told.
sub _fit {
    my ( $option, $value ) = @_;
    return "$value" if _is_fit($value);
    return _refuse("$option is not fit for a header: printable ASCII is wanted");
}

sub _is_fit {
    my ($value) = @_;
    return
         defined $value
      && ref $value ne 'HASH'
      && "$value" =~ /\A[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?\z/;
}

sub _refuse {
    my ($why) = @_;
    return Library::IllegalInputException->throw($why);
}

1;
