#!/usr/bin/perl

# The examples do what they say, against a real Asterisk.

use strict;
use warnings;

use File::Spec ();
use IPC::Open3 ();
use Mojo::IOLoop;
use Symbol ();
use Test::More;
use Time::HiRes ();

use AsteriskPl;

# Seconds for what must happen; far longer than it takes.
my @SOON = ( timeout => 30 );

my $MENU = 'sound:basic-pbx-ivr-main';

local @ENV{qw(ARI_URL ARI_USER ARI_PASSWORD IVR_PATIENCE PERL5LIB)} = (
    @ENV{qw(ASTERISK_URL ASTERISK_USERNAME ASTERISK_PASSWORD)},
    2, join q{:}, map { File::Spec->rel2abs($_) } @INC
);

my $asterisk = AsteriskPl->new(
    api_url  => $ENV{ASTERISK_URL},
    username => $ENV{ASTERISK_USERNAME},
    password => $ENV{ASTERISK_PASSWORD},
    app      => 'far-end',
);
$asterisk->connect;

# Starts an example: its process and what it writes.
sub started {
    my ( $name, @arguments ) = @_;
    my $output = Symbol::gensym();
    my $process =
      IPC::Open3::open3( undef, $output, '>&STDERR', $^X, "$ENV{EXAMPLES}/$name", @arguments );
    return ( $process, $output );
}

sub wait_for_end {
    my ($process) = @_;
    waitpid $process, 0;
    return $?;
}

subtest 'originate_and_wait: a call that is answered' => sub {
    my ( $process, $output ) = started( 'originate_and_wait.pl', 'Local/206@default' );
    my @lines = readline $output;
    is( wait_for_end($process), 0, 'it ends well' );

    # Waiting is told of an event before the handlers of earlier ones have all run.
    is( scalar( grep { $_ eq "answered\n" } @lines ), 1, 'answered' );
    like( $lines[-1], qr/\Aover: \w/, 'and over' );
};

subtest 'originate_and_wait: nobody there' => sub {
    my ( $process, $output ) = started( 'originate_and_wait.pl', 'Local/202@default' );
    my @lines = readline $output;
    is( wait_for_end($process),                       0, 'it ends well' );
    is( scalar( grep { $_ eq "answered\n" } @lines ), 0, 'not answered' );
    like( $lines[-1], qr/\Aover: \w/, 'but over' );
};

# Of all channels, also those that only the IVR knows: what it plays is seen by that.
$asterisk->applications->subscribe( 'far-end', event_source => 'channel:' );

my ( $ivr, $ivr_output ) = started('ivr.pl');

# A test that fails leaves nothing running, which would hold its output open.
END { kill TERM => $ivr if $ivr }
my $ends = time + 30;
Time::HiRes::sleep(0.05) until ivr_runs() || time > $ends;

sub ivr_runs {
    return scalar grep { $_->name eq 'ivr' } @{ $asterisk->applications->list };
}

# What the IVR plays, as it begins; also what begins while a test waits for something else.
my @played;
$asterisk->add_event_handler(
    PlaybackStarted => sub { my ($event) = @_; push @played, $event->playback->media_uri } );
$asterisk->add_event_handler(
    PlaybackContinuing => sub { my ($event) = @_; push @played, $event->playback->next_media_uri }
);

# Lets events come until something is so.
sub wait_until {
    my ($is_so) = @_;
    my $late    = 0;
    my $timer   = Mojo::IOLoop->timer( $SOON[1] => sub { $late = 1 } );
    Mojo::IOLoop->one_tick until $is_so->() || $late;
    Mojo::IOLoop->remove($timer);
    return;
}

sub next_played {
    wait_until( sub { scalar @played } );
    return shift @played;
}

# What callers chose since they were asked for last.
sub chosen {
    my ($count) = @_;
    my @chosen;
    while ( @chosen < $count ) {
        my $line = readline $ivr_output // return @chosen;
        push @chosen, $1 if $line =~ /chose (\S+)$/;
    }
    return @chosen;
}

# Waits until the IVR has seen that its caller is gone; what it says until then belongs to that call.
sub read_to_end_of_call {
    while ( defined( my $line = readline $ivr_output ) ) {
        return if $line =~ / is over: /;
    }
    return;
}

# A caller, who comes through the dialplan.
sub caller_of_ivr {
    my $channel = $asterisk->new_channel;
    $channel->originate(
        endpoint  => 'Local/301@default',
        app       => 'far-end',
        variables => { __APP => 'ivr' },
    );
    $channel->wait_for( 'StasisStart', @SOON );
    return $channel;
}

subtest 'ivr: digits interrupt prompts, and a number of several digits is read back' => sub {
    my $channel = $asterisk->new_channel;
    $channel->originate( endpoint => 'Local/203@default', app => 'ivr' );
    my @heard = map { next_played() } 1 .. 6;
    is_deeply(
        \@heard,
        [
            $MENU,               'sound:tt-weasels',
            $MENU,               'sound:telephone-number',
            'sound:you-entered', 'digits:34'
        ],
        'heard'
    );
    is_deeply( [ chosen(2) ], [ 1, 2 ], 'chosen' );

    # What is said until the call is over belongs to it.
    my $over;
    $channel->once( ChannelDestroyed => sub { $over = 1 } );
    $channel->hangup;
    read_to_end_of_call();
    wait_until( sub { $over } );
    @played = ();
};

subtest 'ivr: a choice that there is not, and the way out to the dialplan' => sub {
    my $channel = caller_of_ivr();
    is( next_played(), $MENU, 'the menu' );
    $channel->send_dtmf( dtmf => 9 );
    is( next_played(), 'sound:pbx-invalid', 'no such choice' );
    is( next_played(), $MENU,               'the menu again' );
    $channel->send_dtmf( dtmf => 0 );
    $channel->wait_for( 'ChannelDestroyed', @SOON );
    is_deeply( [ chosen(2) ], [ 9, 0 ], 'chosen' );
};

subtest 'ivr: who says nothing three times is told goodbye; others are served meanwhile' => sub {
    my @channels = map { caller_of_ivr() } 1, 2;
    my $began    = time;
    $_->wait_for( 'ChannelDestroyed', @SOON ) for @channels;
    is_deeply( [ chosen(6) ], [ ('nothing') x 6 ], 'chosen' );
    my $goodbyes = 0;
    while ( $goodbyes < 2 ) { $goodbyes++ if next_played() eq 'sound:vm-goodbye' }
    is( $goodbyes, 2, 'goodbye' );
    cmp_ok( time - $began, '<', 25, 'at the same time' );
};

subtest 'ivr: an interrupt ends it' => sub {
    kill INT => $ivr;
    is( wait_for_end($ivr), 0, 'it ends well' );
    ok( !ivr_runs(), 'and has left' );
};

$asterisk->close;
done_testing;
