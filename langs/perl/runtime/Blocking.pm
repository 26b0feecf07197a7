package Library::Runtime::Blocking;

# Blocking requests over HTTP::Tiny, with a kept-alive connection.

use strict;
use warnings;

use HTTP::Tiny  ();
use Time::HiRes ();

use Library::Runtime::Failure qw(is_repeatable no_answer no_answer_in_time);

# Seconds after which an idle connection is not used again. Servers close idle ones on their own (Asterisk
# after 15 seconds), and a request that crosses such a close is lost.
my $IDLE_LIMIT = 10;

# What HTTP::Tiny says where it would send a request again by itself.
my $REPEATED = "repeated\n";

# What it says when a connection breaks before an answer.
my $UNANSWERED = qr{
    \A (?: Unexpected[ ]end[ ]of[ ]stream[ ]while[ ]looking[ ]for[ ]line
         | Socket[ ]closed
         | Could[ ]not[ ](?:read[ ]from|write[ ]to)
         | SSL[ ]read[ ]error )
}x;

# HTTP::Tiny's names for what programs say of TLS; see Client.
my %SSL_OPTIONS = ( ca => 'SSL_ca_file', cert => 'SSL_cert_file', key => 'SSL_key_file' );

sub new {
    my ( $class, $settings ) = @_;
    my %tls      = %{ $settings->{tls} };
    my $insecure = delete $tls{insecure};
    my %options  = (
        keep_alive   => 1,
        max_redirect => 0,
        verify_SSL   => !$insecure,
        SSL_options  => { map { ( $SSL_OPTIONS{$_} // $_ ) => $tls{$_} } keys %tls },

        # Whatever the environment says, for other programs.
        proxy       => undef,
        http_proxy  => undef,
        https_proxy => undef,
    );
    return bless { options => \%options, used => 0 }, $class;
}

# The response to a request: status, reason, headers and body. The content of a successful response goes to
# the request's sink, if it has one, piece by piece.
sub send_request {
    my ( $self, $request ) = @_;

    # The server may have closed the connection while it idled: then once more, over a new one.
    return $self->_exchanged( $request, is_repeatable($request) )
      // $self->_exchanged( $request, 0 );
}

# Sends a request once. Gives no response if it may be sent again, and that makes sense.
sub _exchanged {
    my ( $self, $request, $may_repeat ) = @_;
    my $now  = Time::HiRes::time();
    my $http = $self->_http($now);
    $http->timeout( $request->{timeout} );
    my $end = $now + $request->{timeout};
    my ( $reused, $attempts, $begun, $failure, $why, $body ) = ( 0, 0, 0, undef, q{}, q{} );
    my $sink = $request->{sink};

    # Of two attempts HTTP::Tiny tells only why the second failed.
    local $SIG{__DIE__} = sub { $why = $_[0] if !$attempts || $_[0] ne $REPEATED };
    my %options = (
        headers => $request->{headers},

# Called at each attempt. HTTP::Tiny would make a second one over a new connection, too, and in the middle of
# an answer.
        peer => sub {
            my ($host) = @_;
            die $REPEATED if $attempts++;
            $reused = defined $http->connected;
            return $host =~ s/\A\[|\]\z//gr;
        },
        data_callback => sub {
            my ($bytes) = @_;
            $begun = 1;
            if ($sink) {
                eval { $sink->($bytes); 1 } or die $failure = $@;
            }
            else {
                $body .= $bytes;
                die $failure = no_answer_in_time($request) if Time::HiRes::time() > $end;
            }
            return;
        },
    );
    $options{content} = $request->{body} if defined $request->{body};
    my $answer = $http->request( $request->{method}, $request->{url}, \%options );
    $self->{used} = Time::HiRes::time();
    return _response( $answer, $body ) if defined $answer->{protocol};
    die $failure                       if defined $failure;
    die no_answer_in_time($request)    if $why =~ /timed out/i;
    if ( $why =~ $UNANSWERED && !$begun ) {
        return if $may_repeat && $reused;
        $why = 'the connection was closed without an answer';
    }
    elsif ( $why =~ /\AUnexpected end/ ) {
        $why = 'the connection was closed in the middle of the answer';
    }
    die no_answer( $request, $why );
}

# The HTTP::Tiny to use now.
sub _http {
    my ( $self, $now ) = @_;
    delete $self->{http} if $now - $self->{used} > $IDLE_LIMIT;
    return $self->{http} //= HTTP::Tiny->new( %{ $self->{options} } );
}

sub _response {
    my ( $answer, $body ) = @_;
    return {
        status  => $answer->{status},
        reason  => $answer->{reason},
        headers => $answer->{headers},

        # Where there was no callback, as of an error.
        body => length $body ? $body : $answer->{content} // q{},
    };
}

1;
