package Library::Runtime::Links;

# URLs that answers name: they are fetched without anything that the program proves who it is with. A part of main
# classes, beside Client.

use strict;
use warnings;

use Library::Exceptions         ();
use Library::Runtime::Client    ();
use Library::Runtime::Download  ();
use Library::Runtime::Operation qw(is_code similar);

# The content of a URL, as bytes.
sub fetch {
    my ( $self, @arguments ) = @_;
    return Library::Runtime::Client::waited( $self->fetch_p(@arguments) )
      if Library::Runtime::Client::loop_runs();
    my ($request) = $self->_link( fetch => \@arguments );
    return $self->_checked( $request, $self->_followed($request) )->{body};
}

# A promise of it.
sub fetch_p {
    my ( $self, @arguments ) = @_;
    require Mojo::Promise;
    my ($request) = eval { $self->_link( fetch => \@arguments ) }
      or return Mojo::Promise->reject($@);
    return $self->_followed_p($request)
      ->then( sub { return $self->_checked( $request, @_ )->{body} } );
}

# Writes it to the first of the arguments, as calls do; gives the number of bytes.
sub fetch_to {
    my ( $self, $destination, @arguments ) = @_;
    return Library::Runtime::Client::waited( $self->fetch_to_p( $destination, @arguments ) )
      if Library::Runtime::Client::loop_runs();
    my ( $request, $download ) = $self->_link( fetch_to => \@arguments, $destination );
    return $download->finished( $self->_checked( $request, $self->_followed($request) ) );
}

# A promise of it.
sub fetch_to_p {
    my ( $self, $destination, @arguments ) = @_;
    require Mojo::Promise;
    my ( $request, $download ) = eval { $self->_link( fetch_to => \@arguments, $destination ) }
      or return Mojo::Promise->reject($@);
    return $download->finished_p(
        $self->_followed_p($request)->then( sub { return $self->_checked( $request, @_ ) } ) );
}

# The request for a URL, and where its content goes, if that is said.
sub _link {
    my ( $self, $method, $arguments, @destination ) = @_;
    _refuse( $method, 'arguments are pairs of a name and a value, behind url' )
      if @{$arguments} && @{$arguments} % 2 == 0;
    my ( $url, %options ) = @{$arguments} ? @{$arguments} : undef;
    my @known = ( 'request_timeout', @destination ? 'progress' : () );
    for my $name ( sort keys %options ) {
        next if grep { $_ eq $name } @known;
        my $hint = similar( $name, @known );
        $hint = $hint ? ": is $hint meant?" : '; there are ' . join ', ', @known;
        _refuse( $method, qq{there is no argument "$name"$hint} );
    }
    my $progress = $options{progress};
    _refuse( $method, qq{progress is "$progress": code is wanted} )
      if defined $progress && !is_code($progress);
    my ($path)   = _fit( $method, $url ) =~ m{\A\w+://[^/?#]*([^?#]*)};
    my $settings = $self->settings;
    my %tls      = %{ $settings->{tls} };

    # A certificate says who the program is, too.
    delete @tls{ grep { /\A(?:cert|key|SSL_(?:cert|key|passwd).*)\z/ } keys %tls };
    my %request = (
        method  => 'GET',
        path    => $path eq q{} ? q{/} : $path,
        url     => "$url" =~ s/#.*//sr,
        headers => { Accept => '*/*', 'User-Agent' => $settings->{access}{user_agent} },
        secret  => [],
        timeout => $self->_timeout( $options{request_timeout} ),
        through => { tls => \%tls, headers => {} },
        foreign => 1,
    );
    return \%request if !@destination;
    my $download = Library::Runtime::Download->new( @destination, $progress );
    $request{sink} = $download->sink;
    return ( \%request, $download );
}

# The URL, if it is one.
sub _fit {
    my ( $method, $url ) = @_;
    my $shown = defined $url ? qq{"$url"} : 'undef';
    return "$url"
      if defined $url && $url =~ m{\Ahttps?://[^\s/?#\@]+(?:[/?#][\x21-\x7E]*)?\z}i;
    return _refuse( $method,
        "url is $shown: one that begins with http:// or https://, and a host, is wanted" );
}

sub _refuse {
    my ( $method, $why ) = @_;
    return Library::IllegalInputException->throw("$method: $why");
}

1;
