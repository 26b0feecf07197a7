package Library::Runtime::Connector;

# Knows where the events are and opens connections to them.

use strict;
use warnings;

use Mojo::IOLoop ();

use Library::Exceptions          ();
use Library::Runtime::Connection ();

# Seconds; see Connection.
my %INTERVALS = ( ping => 20, pong => 20 );

# url: the API's URL. headers: sent with the upgrade. timeout: seconds within which a connection
# must be up. hints: what to check when the server answers with a status. user_agent: makes a
# Mojo::UserAgent. intervals: other intervals than the usual ones.
sub new {
    my ( $class, %settings ) = @_;
    my %intervals = ( %INTERVALS, %{ $settings{intervals} || {} } );
    return bless { %settings, intervals => { map { $_ => $intervals{$_} } qw(ping pong) } }, $class;
}

# Opens a connection to $target, path and query below the API's URL; then $done->($connection,
# $error) is called. The callbacks are on_message and on_lost of Connection. Gives what ends the
# attempt; then $done is not called.
sub open_up {
    my ( $self, $target, $callbacks, $done ) = @_;

    # One for each connection: with it everything goes that an attempt has begun.
    my $ua = $self->{user_agent}->();
    my $timer;
    my $leave = sub {
        return 0 if !$done;
        Mojo::IOLoop->remove($timer);
        undef $done;
        return 1;
    };
    my $settle = sub {
        my @outcome = @_;
        my $then    = $done;
        $then->(@outcome) if $leave->();
        return;
    };
    $timer = Mojo::IOLoop->timer(
        $self->{timeout} => sub {
            my $place = $self->_place;
            $settle->(
                undef,
                Library::TimeoutException->new("$place answered nothing within $self->{timeout} s")
            );
            undef $ua;
        }
    );
    my $tx = $ua->build_websocket_tx( $self->_address($target), $self->{headers} );
    $ua->start(
        $tx => sub {
            my ( undef, $answered ) = @_;
            return if !$done;
            if ( !$answered->is_websocket ) {
                $settle->( undef, $self->_why( $answered, $target ) );
                return;
            }
            my $connection = Library::Runtime::Connection->new(
                %{ $self->{intervals} }, %{$callbacks},
                tx => $answered,
                ua => $ua,
            );
            $settle->($connection);
        }
    );
    return sub {
        undef $ua if $leave->();
        return;
    };
}

sub _place {
    my ($self) = @_;
    return $self->{url} =~ s{\A(\w+://[^/]+).*}{$1}sr;
}

sub _address {
    my ( $self, $target ) = @_;
    return $self->{url} =~ s{\Ahttp}{ws}ir . $target;
}

# Why there is no WebSocket.
sub _why {
    my ( $self, $tx, $target ) = @_;
    my $status = $tx->res->code;
    return $self->_refusal( $status, $target ) if $status && $status >= 300;
    my $error = $tx->error;
    my $message =
      $error && !$error->{code} ? $error->{message} : 'what answers there speaks no WebSocket';
    return Library::ConnectionFailedException->new(
        'cannot connect to ' . $self->_place . ": $message" );
}

sub _refusal {
    my ( $self, $status, $target ) = @_;
    my ($path)  = split /[?]/, $target;
    my %details = ( status => $status, method => 'GET', path => $path );
    my $hint    = $self->{hints}{$status};
    if ( $status == 401 || $status == 403 ) {
        $hint ||= 'Check username and password, and that the server knows that user';
        return Library::NotAuthorizedException->new( "the server refuses the user. $hint",
            %details );
    }
    if ( $status == 404 ) {
        $hint ||= 'Check the path in the URL (it is ' . $self->{url} . ')';
        return Library::NotFoundException->new(
            "there is no event WebSocket at this address. $hint", %details );
    }
    my $message = 'the server refuses the event WebSocket';
    if ( $status == 400 ) {
        $hint ||= 'Check the names of the applications';
        return Library::IllegalInputException->new( "$message. $hint", %details );
    }
    $message .= ". $hint" if $hint;
    return Library::Exceptions::error_for_status( $status, $message, %details );
}

1;
