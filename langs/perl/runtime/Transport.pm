package Library::Runtime::Transport;

# Requests over Mojo::UserAgent, which never stop the event loop.

use strict;
use warnings;

use Mojo::IOLoop    ();
use Mojo::Promise   ();
use Mojo::UserAgent ();

use Library::Runtime::Failure qw(is_repeatable no_answer no_answer_in_time);

# Requests at most at the same time; further ones wait. Servers take a limited number of connections (Asterisk
# 100, of all its clients) and cut off those that are too many.
my $MAX_CONNECTIONS = 50;

# A user agent of the program's settings, which are those of Client.
sub user_agent {
    my ($settings) = @_;
    my %tls        = %{ $settings->{tls} };
    my %named = map { exists $tls{$_} ? ( $_ => delete $tls{$_} ) : () } qw(ca cert insecure key);
    my $ua    = Mojo::UserAgent->new(
        %named,
        tls_options        => \%tls,
        max_connections    => $MAX_CONNECTIONS,
        max_redirects      => 0,
        inactivity_timeout => 0,
    );
    $ua->transactor->name( $settings->{headers}{'User-Agent'} );
    return $ua;
}

sub new {
    my ( $class, $settings ) = @_;
    return bless { ua => $settings->{ua} // user_agent($settings), active => 0, waiting => [] },
      $class;
}

# A promise of the response to a request; see Blocking.
sub send_p {
    my ( $self, $request ) = @_;
    return $self->_turn_p->then( sub { return $self->_exchanged_p( $request, 1 ) } )
      ->finally( sub { return $self->_next_turn } );
}

# A promise that is kept when there is room for one more request.
sub _turn_p {
    my ($self) = @_;
    my $promise = Mojo::Promise->new;
    if ( $self->{active} < $MAX_CONNECTIONS ) { $self->{active}++; $promise->resolve }
    else                                      { push @{ $self->{waiting} }, $promise }
    return $promise;
}

sub _next_turn {
    my ($self) = @_;
    my $promise = shift @{ $self->{waiting} };
    if   ($promise) { $promise->resolve }
    else            { $self->{active}-- }
    return;
}

sub _exchanged_p {
    my ( $self, $request, $may_repeat ) = @_;
    my $ua   = $self->{ua};
    my $body = $request->{body};
    my $tx   = $ua->build_tx( @{$request}{qw(method url headers)}, ref $body ? () : $body // () );
    my $promise = Mojo::Promise->new;
    my ( $failure, $complete ) = ( undef, 0 );
    _fill( $tx, $body, \$failure )            if ref $body;
    return Mojo::Promise->reject($failure)    if defined $failure;
    _pour( $tx, $request->{sink}, \$failure ) if $request->{sink};
    $tx->res->on( finish => sub { my ($answer) = @_; $complete = _is_complete($answer) } );

    # The time is for the answer; a download takes as long as bytes come.
    my ( $whole, $silence ) =
      $request->{sink} ? ( 0, $request->{timeout} ) : ( $request->{timeout}, 0 );
    $tx->on(
        connection => sub { my ( undef, $id ) = @_; Mojo::IOLoop->stream($id)->timeout($silence) }
    );
    my @usual = map { $ua->$_ } qw(connect_timeout request_timeout);
    $ua->connect_timeout( $request->{timeout} )->request_timeout($whole);
    $ua->start(
        $tx,
        sub {
            my ( undef, $ended ) = @_;
            my $outcome = eval { _outcome( $request, $ended, $complete, \$failure ) };
            if    ( !$outcome )          { $promise->reject($@) }
            elsif ( $outcome->{status} ) { $promise->resolve($outcome) }
            elsif ( $may_repeat && $ended->kept_alive && is_repeatable($request) ) {

                # The server closed the connection while it idled: once more, over a new one.
                $promise->resolve( $self->_exchanged_p( $request, 0 ) );
            }
            else { $promise->reject( no_answer( $request, $outcome->{why} ) ) }
        }
    );
    $ua->connect_timeout( $usual[0] )->request_timeout( $usual[1] );
    return $promise;
}

# Has the body of a request read while it is sent.
sub _fill {
    my ( $tx, $body, $failure ) = @_;
    $body->rewind;
    my $request = $tx->req;
    my $size    = $body->size;
    $request->headers->content_length($size) if defined $size;
    my $write = defined $size ? 'write' : 'write_chunk';
    my $drain;
    $drain = sub {
        my ($content) = @_;
        my $block = eval { $body->read_block };
        if ( !defined $block ) {
            ${$failure} = $@;
            undef $drain;

            # The first block is read before there is a connection.
            Mojo::IOLoop->remove( $tx->connection ) if defined $tx->connection;
            return;
        }
        undef $drain if $block eq q{};
        $content->$write( $block, $drain );
        return;
    };

    # What is cut off is not held.
    $tx->on( finish => sub { undef $drain } );
    $request->content->$drain;
    return;
}

# Has the content of a successful answer go to a sink instead of into memory.
sub _pour {
    my ( $tx, $sink, $failure ) = @_;
    my $answer = $tx->res;
    $answer->max_message_size(0);
    $answer->content->once(
        body => sub {
            my ($content) = @_;
            return if !$answer->is_success;

            # What comes compressed is more than its length.
            my $headers = $answer->headers;
            my $total   = $headers->content_encoding ? undef : $headers->content_length;
            $content->unsubscribe('read')->on(
                read => sub {
                    my ( undef, $bytes ) = @_;
                    return if defined ${$failure} || eval { $sink->( $bytes, $total ); 1 };
                    ${$failure} = $@;
                    Mojo::IOLoop->remove( $tx->connection );
                }
            );
        }
    );
    return;
}

# Whether all has come that the headers promised.
sub _is_complete {
    my ($answer) = @_;
    my $content = $answer->content;
    return 1 if $content->is_finished || $answer->is_empty;
    return !$content->is_chunked && !defined $answer->headers->content_length;
}

# The response; a hash without a status, but with a reason, if there was none at all.
sub _outcome {
    my ( $request, $tx, $complete, $failure ) = @_;
    die ${$failure} if defined ${$failure};
    my $answer = $tx->res;
    my $error  = $answer->error;
    my $why    = $error && !defined $error->{code} ? $error->{message} : undef;
    die no_answer_in_time($request) if defined $why && $why =~ /timeout|timed out/i;
    if ( defined $answer->code && ( defined $why || !$complete ) ) {
        die no_answer( $request, $why // 'the connection was closed in the middle of the answer' );
    }
    return { why => $why =~ /premature/i ? 'the connection was closed without an answer' : $why }
      if defined $why;
    return {
        status  => $answer->code,
        reason  => $answer->message,
        headers => { map { lc $_ => $answer->headers->header($_) } @{ $answer->headers->names } },
        body    => $answer->body,
    };
}

1;
