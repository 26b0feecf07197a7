package Library::Runtime::Blocking;

# Blocking requests over HTTP::Tiny, with a kept-alive connection.

use strict;
use warnings;

use Time::HiRes ();

use Library::Runtime::Failure qw(is_repeatable no_answer no_answer_in_time);
use Library::Runtime::Http    ();

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

    # What happens to the request that is under way.
    my %exchange;
    return bless {
        settings => $settings,
        options  => \%options,
        exchange => \%exchange,
        used     => 0,

        # Called at each attempt. HTTP::Tiny would make a second one also after a new connection
        # broke, or one in the middle of an answer.
        peer => sub {
            my ($host) = @_;
            die $REPEATED if $exchange{attempts}++;
            return $host =~ /\A\[(.*)\]\z/ ? $1 : $host;
        },

        # Called with each piece of a successful answer's content.
        data_callback => sub {
            my ( $bytes, $answer ) = @_;
            $exchange{begun} = 1;
            if ( my $sink = $exchange{request}{sink} ) {
                my $total = $answer->{headers}{'content-length'};
                eval { $sink->( $bytes, $total ); 1 } or die $exchange{failure} = $@;
                return;
            }
            $exchange{body} .= $bytes;
            return if Time::HiRes::time() < $exchange{end};
            die $exchange{failure} = no_answer_in_time( $exchange{request} );
        },

        # Of two attempts HTTP::Tiny tells only why the second failed.
        died => sub {
            my ($why) = @_;
            $exchange{why} = $why if $why ne $REPEATED;
        },
    }, $class;
}

# The response to a request: status, reason, headers and body. The content of a successful response goes to
# the request's sink, if it has one, piece by piece.
sub send_request {
    my ( $self, $request ) = @_;

    # A sink that makes a call of its own.
    return ref($self)->new( $self->{settings} )->send_request($request)
      if $self->{exchange}{request};

    # The server may have closed the connection while it idled: then once more, over a new one.
    return $self->_exchanged( $request, 1 ) // $self->_exchanged( $request, 0 );
}

# Sends a request once. Gives no response if it may be sent again, and that makes sense.
sub _exchanged {
    my ( $self, $request, $may_repeat ) = @_;
    my $http     = $self->_http( $request->{timeout} );
    my $exchange = $self->{exchange};
    %{$exchange} = (
        request => $request,
        end     => Time::HiRes::time() + $request->{timeout},
        body    => q{},
        why     => q{},
    );
    my %options = (
        headers       => $request->{headers},
        peer          => $self->{peer},
        data_callback => $self->{data_callback},
    );
    my $content = $request->{body};
    if ( ref $content ) {
        $content->rewind;
        my $size = $content->size;
        $options{headers} = { %{ $request->{headers} }, 'Content-Length' => $size }
          if defined $size;
        $options{content} = sub {
            my $block;
            eval { $block = $content->read_block; 1 } or die $exchange->{failure} = $@;
            return $block;
        };
    }
    elsif ( defined $content ) {
        $options{content} = $content;
        $options{headers} = { %{ $request->{headers} }, 'Content-Length' => 0 }
          if $content eq q{};
    }
    local $SIG{__DIE__} = $self->{died};
    my $answer   = $http->request( $request->{method}, $request->{url}, \%options );
    my $answered = defined $answer->{protocol};
    my $reused   = $self->{kept};
    $self->{used} = Time::HiRes::time();
    $self->{kept} = $answered && ( $answer->{headers}{connection} // q{} ) ne 'close';
    my ( $body, $why, $begun, $failure ) = delete @{$exchange}{qw(body why begun failure request)};

    # The content of an error does not come through the callback.
    if ($answered) {
        $answer->{body} = $body eq q{} ? $answer->{content} // q{} : $body;
        return $answer;
    }
    die $failure                    if defined $failure;
    die no_answer_in_time($request) if $why =~ /timed out/i;
    if ( $why =~ $UNANSWERED && !$begun ) {
        return if $may_repeat && $reused && is_repeatable($request);
        $why = 'the connection was closed without an answer';
    }
    elsif ( $why =~ /\AUnexpected end/ ) {
        $why = 'the connection was closed in the middle of the answer';
    }
    die no_answer( $request, $why );
}

# The HTTP::Tiny to use now.
sub _http {
    my ( $self, $timeout ) = @_;
    if ( Time::HiRes::time() - $self->{used} > $IDLE_LIMIT ) {
        $self->{kept} = 0;
        $self->{http} = Library::Runtime::Http->new( %{ $self->{options} } );
    }
    my $http = $self->{http};
    $http->timeout($timeout) if $http->timeout != $timeout;
    return $http;
}

1;
