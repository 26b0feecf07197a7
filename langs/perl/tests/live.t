#!/usr/bin/perl

# The generated Perl library drives a real Asterisk.

use strict;
use warnings;

use Mojo::IOLoop  ();
use Mojo::Promise ();
use Mojo::URL     ();
use Test::More;

use AsteriskPl;

my %ACCESS = (
    api_url  => $ENV{ASTERISK_URL},
    username => $ENV{ASTERISK_USERNAME},
    password => $ENV{ASTERISK_PASSWORD},
);

# Seconds for what must happen; far longer than it takes.
my @SOON = ( timeout => 10 );

my $asterisk = AsteriskPl->new( %ACCESS, app => 'live' );
$asterisk->connect;

# Turns the loop until something is so.
sub until_true {
    my ($condition) = @_;
    my $end = time + 10;
    Mojo::Promise->timer(0.02)->wait until $condition->() || time > $end;
    return;
}

# What something dies of.
sub error_of {
    my ($action) = @_;
    return eval { $action->(); 1 } ? undef : $@;
}

sub call {
    my (%given)   = @_;
    my %arguments = ( endpoint => 'Local/200@default', app => 'live', %given );
    my $channel   = $asterisk->new_channel;
    $channel->originate(%arguments);
    $channel->wait_for( 'StasisStart', @SOON );
    return $channel;
}

subtest 'a call from its beginning to its end' => sub {
    my $channel = $asterisk->new_channel;
    my @seen;
    $channel->add_event_handler( StasisStart => sub { push @seen, $_[0]->args } );
    $channel->once( ChannelDestroyed => sub { push @seen, $_[0]->cause } );
    my $made = $channel->originate(
        endpoint  => 'Local/200@default',
        app       => 'live',
        app_args  => 'one,two',
        caller_id => 'Alice <100>',
        variables => { NUMBER => 7, TEXT => "gr\x{fc}\x{df} dich" },
    );
    ok( $made == $channel, 'the very channel' );
    is( $made->caller->number, '100', 'the caller' );
    cmp_ok( abs( $made->creationtime - time ), '<', 3600, 'the time' );
    $channel->wait_for( 'StasisStart', @SOON );
    $channel->answer;
    is( $channel->get_channel_var( variable => 'NUMBER' )->value, '7', 'a number' );
    is( $channel->get_channel_var( variable => 'TEXT' )->value,   "gr\x{fc}\x{df} dich", 'a text' );
    $channel->hangup( reason => 'busy' );
    $channel->wait_for( 'ChannelDestroyed', @SOON );
    until_true( sub { @seen == 2 } );
    is_deeply( $seen[0], [ 'one', 'two' ], 'a handler got the arguments' );
    like( $seen[1], qr/\A\d+\z/, 'another the cause' );
};

subtest 'a bridge with two channels, a prompt and a recording' => sub {
    my ( $one, $two ) = ( call(), call() );
    my $bridge = $asterisk->new_bridge;
    $bridge->create( type => 'mixing' );
    $bridge->add_channel( [ $one, $two ] );
    $bridge->wait_for( 'ChannelEnteredBridge', @SOON ) for 1, 2;
    is( scalar @{ $bridge->get->channels }, 2, 'both are in it' );

    my $playback = $asterisk->new_playback;
    $bridge->play( media => [ 'sound:beep', 'sound:beep' ], playback_id => $playback );
    is( $playback->wait_for( 'PlaybackFinished', @SOON )->playback->state, 'done', 'played' );

    my $recording =
      $bridge->record( name => 'live/perl', format => 'wav', if_exists => 'overwrite' );
    $recording->wait_for( 'RecordingStarted', @SOON );
    $recording->stop;
    $recording->wait_for( 'RecordingFinished', @SOON );
    my $stored = $asterisk->get_recording('live/perl');
    my $bytes  = $stored->get_stored_file;
    is( substr( $bytes, 0, 4 ), 'RIFF', 'recorded' );
    $stored->get_stored_file_to('live-perl.wav');
    is( -s 'live-perl.wav', length $bytes, 'downloaded' );
    unlink 'live-perl.wav';
    $stored->delete_stored;

    $bridge->destroy;
    $_->hangup for $one, $two;
};

subtest 'digits pressed at the far end' => sub {
    my $channel = call( endpoint => 'Local/203@default' );
    my $digits  = q{};
    until ( $digits =~ /#\z/ ) {
        $digits .= $channel->wait_for( 'ChannelDtmfReceived', @SOON )->digit;
    }
    is( $digits, '1234#', 'all' );
    $channel->hangup;
};

subtest 'a handler that serves a call with promises, others beside it' => sub {
    my ( @served, $serving, $most );
    my $serve = sub {
        my ($event) = @_;
        my $channel = $event->channel;
        $serving++;
        $most = $serving if $serving > ( $most || 0 );
        return $channel->answer_p->then( sub { return $channel->play_p( media => 'sound:beep' ) } )
          ->then( sub { return $_[0]->wait_for_p( 'PlaybackFinished', @SOON ) } )
          ->then( sub { return $channel->hangup_p } )
          ->then( sub { push @served, $channel->id; $serving--; } );
    };
    $asterisk->add_event_handler( StasisStart => $serve );
    my @channels = map { $asterisk->new_channel } 1 .. 3;
    $_->originate( endpoint => 'Local/200@default', app => 'live' ) for @channels;
    $_->wait_for( 'ChannelDestroyed', @SOON ) for @channels;
    until_true( sub { @served == 3 } );
    $asterisk->remove_event_handler( StasisStart => $serve );
    is_deeply( [ sort @served ], [ sort map { $_->id } @channels ], 'all were served' );
    cmp_ok( $most, '>', 1, 'at the same time' );
};

subtest 'a handler that blocks for a whole call' => sub {
    my $outcome;
    $asterisk->once(
        StasisStart => sub {
            my ($event) = @_;
            my $channel = $event->channel;
            $channel->answer;
            my $playback = $channel->play( media => 'sound:beep' );
            $outcome = $playback->wait_for( 'PlaybackFinished', @SOON )->playback->state;
            $channel->hangup;
        }
    );
    my $channel = $asterisk->new_channel;
    $channel->originate( endpoint => 'Local/200@default', app => 'live' );
    $channel->wait_for( 'ChannelDestroyed', @SOON );
    is( $outcome, 'done', 'played and heard of' );
};

subtest 'errors are exceptions of their kinds' => sub {
    my $nobody = error_of( sub { $asterisk->get_channel('nobody') } );
    isa_ok( $nobody, 'AsteriskPl::NotFoundException' );
    is_deeply( [ $nobody->status, $nobody->path ], [ 404, '/channels/nobody' ], 'where' );
    my $channel = $asterisk->new_channel('outside');
    $channel->originate(
        endpoint  => 'Local/201@default',
        extension => '400',
        context   => 'default'
    );
    isa_ok( error_of( sub { $channel->answer } ), 'AsteriskPl::IllegalStateException' );
    $channel->hangup;
    isa_ok( error_of( sub { $asterisk->channels->get(q{}) } ),
        'AsteriskPl::IllegalInputException' );
    my $stranger = AsteriskPl->new( %ACCESS, password => 'wrong', app => 'live' );
    isa_ok( error_of( sub { $stranger->$_ } ), 'AsteriskPl::NotAuthorizedException', $_ )
      for qw(get_info connect run);
    my $lost = AsteriskPl->new( %ACCESS, api_url => "$ENV{ASTERISK_URL}/elsewhere", app => 'live' );
    like( error_of( sub { $lost->connect } ), qr/http[.]conf/, 'the hint' );
    my $reason;
    $asterisk->get_channel_p('nobody')->catch( sub { $reason = shift } )->wait;
    isa_ok( $reason, 'AsteriskPl::NotFoundException', 'that of a promise' );
};

subtest 'connections outlive the closing of idle ones by the server' => sub {
    $asterisk->get_info;
    $asterisk->get_info_p->wait;
    Mojo::Promise->timer(3.5)->wait;
    ok( $asterisk->channels->list, 'a blocking call' );
    my $listed;
    $asterisk->channels->list_p->then( sub { $listed = shift } )->wait;
    ok( $listed, 'one with a promise' );
    is(
        error_of(
            sub {
                $asterisk->events->user_event(
                    event_name  => 'after idling',
                    application => 'live'
                );
            }
        ),
        undef,
        'one that must not be repeated'
    );
};

subtest 'events in order, all of them' => sub {
    my @numbers;
    my $count = sub {
        my ($event) = @_;
        push @numbers, $event->userevent->{n} if $event->eventname eq 'count';
    };
    $asterisk->add_event_handler( ChannelUserevent => $count );
    for my $n ( 0 .. 199 ) {
        $asterisk->events->user_event(
            event_name  => 'count',
            application => 'live',
            variables   => { n => $n }
        );
    }
    until_true( sub { @numbers >= 200 } );
    $asterisk->remove_event_handler( ChannelUserevent => $count );
    is_deeply( \@numbers, [ 0 .. 199 ], 'in order' );
};

subtest 'a lost connection comes back with its subscriptions' => sub {
    my $real = Mojo::URL->new( $ENV{ASTERISK_URL} );
    my @through;
    my $proxy = Mojo::IOLoop->server(
        { address => '127.0.0.1' },
        sub {
            my ( undef, $near ) = @_;
            push @through, $near;
            my ( $far, $early ) = ( undef, q{} );
            $near->timeout(0)
              ->on( read => sub { $far ? $far->write( $_[1] ) : ( $early .= $_[1] ) } );
            Mojo::IOLoop->client(
                { address => $real->host, port => $real->port },
                sub {
                    my ( undef, undef, $stream ) = @_;
                    $far = $stream;
                    $far->timeout(0)->on( read => sub { $near->write( $_[1] ) } );
                    $far->on( close => sub { $near->close } );
                    $near->on( close => sub { $far->close } );
                    $far->write($early);
                }
            );
        }
    );
    my $through = $real->clone->port( Mojo::IOLoop->acceptor($proxy)->port );
    my $library = AsteriskPl->new( %ACCESS, api_url => "$through", app => 'cut' );
    $library->connect;
    my $source = 'deviceState:Stasis:perl';
    $library->applications->subscribe_p( 'cut', event_source => $source )->wait;
    my ( $lost, $restored ) =
      map { $library->wait_for_p( $_, @SOON ) } qw(ConnectionLost ConnectionRestored);

    $_->close for @through;
    my $event;
    $lost->then( sub { return $restored } )->then( sub { $event = shift } )->wait;
    cmp_ok( $event->missed_from, '<=', $event->missed_to, 'told' );
    my $states = $asterisk->device_states;
    $states->update( device_name => 'Stasis:perl', device_state => 'BUSY' );
    my $changed = $library->wait_for( 'DeviceStateChanged', @SOON );
    is( $changed->device_state->state, 'BUSY', 'subscribed again' );
    $states->delete( device_name => 'Stasis:perl' );
    $library->close;
    Mojo::IOLoop->remove($proxy);
};

subtest 'an application that another program takes over' => sub {
    my $first = AsteriskPl->new( %ACCESS, app => 'taken' );
    $first->connect;
    my $second    = AsteriskPl->new( %ACCESS, app => 'taken' );
    my $connected = $second->connect_p;
    my $error     = error_of( sub { $first->run } );
    isa_ok( $error, 'AsteriskPl::ConnectionFailedException' );
    like( "$error", qr/another program/, 'says so' );
    is( $first->state, 'replaced', 'replaced' );
    $connected->wait;
    $second->close;
    is( $second->state, 'closed', 'closed' );
};

$asterisk->close;
done_testing;
