package EventTests;

# What the tests of events share: a scripted server, a library that listens to it, and patience.

use strict;
use warnings;

use Exporter      qw(import);
use Mojo::IOLoop  ();
use Mojo::Promise ();
use Mojo::Util    ();
use Test::More;
use Time::HiRes ();

use AsteriskPl;
use FakeServer;

our @EXPORT_OK =
  qw($server $library about await case error_of numbered open_library read_all replaced
  sleep_p turn until_true warnings_of);
our %EXPORT_TAGS = ( all => \@EXPORT_OK );

our ( $server, $library );

our $SECRET = 'se:cret';

my %INTERVALS = ( backoff => [ 0.005, 0.02 ], sweep => 0.01, history => 0.05, grace => 0.1 );

# A library for the scripted server; other intervals go beside the usual ones.
sub open_library {
    my (%options) = @_;
    my $intervals = delete $options{intervals} || {};
    return AsteriskPl->new(
        api_url   => $server->url,
        username  => 'user',
        password  => $SECRET,
        app       => 'hello',
        intervals => { %INTERVALS, %{$intervals} },
        %options
    );
}

# A test with a server and a library of its own, which is connected unless its name says
# otherwise.
sub case {
    my ( $name, $code ) = @_;
    return subtest $name => sub {
        $server  = FakeServer->new;
        $library = open_library();
        my @strays = warnings_of(
            sub {
                $library->connect if $name !~ /^not connected/;
                $code->();
                $library->close;
                $server->stop;
                turn(0.01);
            }
        );
        is_deeply( \@strays, [], 'nothing was warned of' );
    };
}

# What is warned of while something runs. What it dies of goes on.
sub warnings_of {
    my ($action) = @_;
    my @warnings;
    local $SIG{__WARN__} = sub { push @warnings, @_ };
    $action->();
    return @warnings;
}

# What something dies of.
sub error_of {
    my ($action) = @_;
    return eval { $action->(); 1 } ? undef : $@;
}

# Runs something while a function is another one.
sub replaced {
    my ( $package, $name, $code, $action ) = @_;
    my $original = $package->can($name);
    Mojo::Util::monkey_patch( $package, $name => $code );
    $action->();
    Mojo::Util::monkey_patch( $package, $name => $original );
    return;
}

# Turns the loop for so many seconds.
sub turn {
    my ($seconds) = @_;
    await( sleep_p($seconds) );
    return;
}

sub sleep_p {
    my ($seconds) = @_;
    return Mojo::Promise->timer($seconds);
}

# Turns the loop until a promise is settled: its value, or its reason as an error.
sub await {
    my ($promise) = @_;
    my ( $done, $failed, @values );
    $promise->then( sub { ( $done, @values ) = ( 1, @_ ) },
        sub { ( $done, $failed, @values ) = ( 1, 1, @_ ) } );
    Mojo::IOLoop->one_tick until $done;
    die $values[0] if $failed;
    return wantarray ? @values : $values[0];
}

# Turns the loop until something is so.
sub until_true {
    my ( $condition, $what ) = @_;
    my $end   = Time::HiRes::time() + 60;
    my $timer = Mojo::IOLoop->recurring( 0.005 => sub { } );
    Mojo::IOLoop->one_tick until $condition->() || Time::HiRes::time() > $end;
    Mojo::IOLoop->remove($timer);
    return $condition->() || die 'waited in vain until ' . ( $what || 'it was so' ) . "\n";
}

# An event about a channel.
sub about {
    my ( $id, $type, %more ) = @_;
    return { type => $type || 'ChannelVarset', channel => { id => $id }, %more };
}

sub numbered {
    my ( $id, $value ) = @_;
    return about( $id, 'ChannelVarset', variable => 'N', value => "$value" );
}

# Waits until the library has read everything that was sent, and its handlers have run.
sub read_all {
    my $read;
    my $marker = sub { $read = 1 };
    my $object = $library->new_channel('marker');
    $object->add_event_handler( ChannelHold => $marker );
    $server->send_events( about( 'marker', 'ChannelHold' ) );
    until_true( sub { $read }, 'all was read' );
    $object->remove_event_handler( ChannelHold => $marker );
    turn(0.001);
    return;
}

1;
