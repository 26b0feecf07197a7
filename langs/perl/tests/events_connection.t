#!/usr/bin/perl

# The connection: opening, losing, restoring and ending it.

use strict;
use warnings;

use Data::Dumper    ();
use List::Util      ();
use Mojo::IOLoop    ();
use Mojo::JSON      ();
use Mojo::Promise   ();
use Mojo::UserAgent ();
use Mojo::WebSocket ();
use Scalar::Util    ();
use Test::More;
use Time::HiRes ();

use EventTests ':all';

case 'it opens with credentials in a header, and with the options of the operation' => sub {
    is( $server->socket->{target}, '/ari/events?app=hello', 'the target' );
    like( $server->socket->{headers}{authorization}, qr/\ABasic dXNlcjpzZTpjcmV0\z/, 'the header' );
    my $other = open_library( app => [ 'a b', 'c', 'c' ], subscribe_all => 1 );
    $other->connect;
    is( $server->socket->{target}, '/ari/events?app=a%20b,c&subscribeAll=true', 'several' );
    $other->close;
};

case 'not connected: several connect at once, by promise and by call' => sub {
    my @promises = map { $library->connect_p } 1, 2;
    is( $library->state, 'connecting', 'meanwhile' );
    $library->connect;
    await($_) for @promises;
    is( $library->state,                'connected', 'then' );
    is( scalar @{ $server->{sockets} }, 1,           'one connection' );
};

case 'not connected: the first connection fails with a word on what to do' => sub {
    my $nameless = error_of( sub { open_library( app => [] )->connect } );
    isa_ok( $nameless, 'AsteriskPl::IllegalInputException' );
    like( "$nameless", qr/no application is named.*app => 'my-application'/, 'says so' );
    isa_ok( error_of( sub { await( open_library( app => undef )->connect_p ) } ),
        'AsteriskPl::IllegalInputException' );
    my %refusals = (
        401 => [ 'NotAuthorizedException',    qr/ari[.]conf/ ],
        403 => [ 'NotAuthorizedException',    qr/read_only/ ],
        404 => [ 'NotFoundException',         qr/http[.]conf/ ],
        400 => [ 'IllegalInputException',     qr/names of the applications/ ],
        503 => [ 'AsteriskUnknownException',  qr/refuses the event WebSocket/ ],
        200 => [ 'ConnectionFailedException', qr/speaks no WebSocket/ ],
    );
    for my $status ( sort keys %refusals ) {
        $server->{upgrades} = $status;
        my ( $class, $advice ) = @{ $refusals{$status} };
        for my $way (qw(connect run)) {
            my $error = error_of( sub { $library->$way } );
            isa_ok( $error, "AsteriskPl::$class", "$status of $way" );
            like( "$error", $advice, 'with advice' );
        }
        is( $library->state, 'closed', 'closed' );
    }
    $server->{upgrades} = 101;
    $library->connect;
    is( $library->state, 'connected', 'it may be tried again' );
};

case 'not connected: a server that says nothing, hangs up, or is not there' => sub {
    $server->{upgrades} = 0;
    my $hasty = open_library( timeout => 0.05 );
    isa_ok( error_of( sub { $hasty->connect } ), 'AsteriskPl::TimeoutException' );
    until_true( sub { $server->connections == 0 }, 'the attempt was given up' );
    $server->{on_upgrade} = sub { $server->cut };
    my $error = error_of( sub { $library->connect } );
    isa_ok( $error, 'AsteriskPl::ConnectionFailedException' );
    my $nowhere = open_library();
    $server->stop;
    $error = error_of( sub { $nowhere->connect } );
    isa_ok( $error, 'AsteriskPl::ConnectionFailedException' );
    like( "$error", qr{cannot connect to http://127.0.0.1:\d+: Connection refused}, 'says where' );
};

case 'not connected: messages that come with the handshake' => sub {
    my $seen = 0;
    $library->add_event_handler( StasisStart => sub { $seen++ } );
    my $upgrade = FakeServer->can('_upgrade');
    replaced(
        FakeServer => _upgrade => sub {
            $upgrade->(@_);
            $server->send_events( about( 'c', 'StasisStart' ), about( 'd', 'StasisStart' ) );
        },
        sub {
            $library->connect;
            until_true( sub { $seen == 2 } );
        }
    );
    is( $seen, 2, 'none is lost' );
};

case 'not connected: it goes the way of an agent that the program has' => sub {
    my $agent = Mojo::UserAgent->new;
    $agent->proxy->http( $server->url );
    my $proxied = open_library( api_url => 'http://pbx.example/ari', ua => $agent );
    $server->{answer} = sub { return 403, {} };
    isa_ok( error_of( sub { $proxied->connect } ), 'AsteriskPl::AsteriskException' );
    is_deeply( $server->{requests}, ['CONNECT pbx.example:80'], 'through its proxy' );
};

case 'a lost connection comes back, and so does what was subscribed to' => sub {
    my $applications = $library->applications;
    await( $applications->subscribe_p( 'hello', event_source => [ 'channel:1', 'bridge:2' ] ) );
    await(
        $applications->unsubscribe_p(
            application_name => 'hello',
            event_source     => 'bridge:2',
            request_timeout  => 5
        )
    );
    await( $applications->filter_p( 'hello', filter => { allowed => [ { type => 'Dial' } ] } ) );
    my @told;
    $library->add_event_handler( $_ => sub { push @told, $_[0] } )
      for qw(ConnectionLost ConnectionRestored);
    @{ $server->{requests} } = ();
    $server->cut;
    until_true( sub { @told == 2 } );
    is_deeply(
        [ sort @{ $server->{requests} } ],
        [
            # A server that counts subscriptions, and kept this one, must not count it twice.
            'DELETE /applications/hello/subscription?eventSource=channel%3A1',
            'POST /applications/hello/subscription?eventSource=channel%3A1',
            'PUT /applications/hello/eventFilter'
        ],
        'put back'
    );
    my ( $lost, $restored ) = @told;
    is( $lost->type, 'ConnectionLost', 'lost' );
    like( $lost->reason, qr/1006/, 'why' );
    is( $restored->type, 'ConnectionRestored', 'restored' );
    cmp_ok( $restored->missed_from, '==', $lost->since,           'from' );
    cmp_ok( $restored->missed_to,   '>=', $restored->missed_from, 'to' );
    like( $lost->since, qr/\A\d{4}-\d\d-\d\dT[\d:.]+Z\z/, 'as text' );
    cmp_ok( abs( $lost->since - Time::HiRes::time() ), '<', 5, 'as a number' );
    is( $library->state, 'connected', 'connected' );
    my $coming = $library->wait_for_p('StasisStart');
    $server->send_events( about( 'c', 'StasisStart' ) );
    is( await($coming)->type, 'StasisStart', 'events come' );
};

case 'putting back is no call of the program: what it waits for is as old as its own' => sub {
    await( $library->applications->subscribe_p( 'hello', event_source => 'channel:1' ) );
    my $channel = $library->new_channel('c');
    $server->send_events( numbered( 'c', 1 ) );
    read_all();
    my $restored = $library->wait_for_p('ConnectionRestored');
    $server->cut;
    await($restored);
    is( $library->wait_for('ChannelVarset')->value, 1, 'still found' );
};

case 'it goes on trying, with pauses, and connect meanwhile waits for the connection' => sub {
    my @times;
    $server->{on_upgrade} = sub {
        push @times, Time::HiRes::time();
        $server->{upgrades} = 101 if @times == 6;
    };
    $server->{upgrades} = 503;
    $server->cut;
    until_true( sub { $library->state eq 'reconnecting' } );
    my $up      = 0;
    my $waiting = $library->connect_p->then( sub { $up = 1 } );
    until_true( sub { @times > 2 } );
    is( $up, 0, 'not yet' );
    await($waiting);
    is( $library->state, 'connected', 'then' );
    is( scalar @times,   6,           'so many tries' );
    cmp_ok( $times[-1] - $times[0], '>=', 0.005, 'with pauses' );
};

case 'the pauses grow up to a limit, and start anew after a good connection' => sub {
    $library->close;
    $library = open_library( intervals => { backoff => [ 1, 30 ], good => 0.01 } );
    my @pauses;
    my $pause = sub { push @pauses, $_[2]; $_[3]->() };
    replaced(
        'AsteriskPl::Runtime::Events' => _pause => $pause,
        sub {
            $library->connect;
            $server->{on_upgrade} = sub { $server->{upgrades} = 101 if @pauses == 9 };
            $server->{upgrades}   = 503;
            turn(0.02);
            $server->cut;
            until_true( sub { @pauses >= 9 && $library->state eq 'connected' } );
            my @limits = map  { List::Util::min( 2**$_, 30 ) } 0 .. 8;
            my @over   = grep { $pauses[$_] > $limits[$_] || $pauses[$_] < 0 } 0 .. 8;
            is_deeply( \@over, [], 'none is longer than its limit' ) or diag "@pauses";
            cmp_ok( List::Util::max( @pauses[ 4 .. 8 ] ), '>', 1, 'they grow' );
            turn(0.02);
            @pauses = ();
            $server->cut;
            until_true( sub { @pauses && $library->state eq 'connected' } );
            cmp_ok( $pauses[0], '<=', 1, 'anew' );
        }
    );
};

case 'a server that does not answer yet is asked again for the subscriptions' => sub {
    await( $library->applications->subscribe_p( 'hello', event_source => 'channel:1' ) );
    my $told  = $library->wait_for_p('ConnectionRestored');
    my $asked = 0;
    $server->{answer} = sub {
        my ( undef, undef, undef, $stream ) = @_;
        $asked++;
        return 200, {} if $asked > 3;
        $stream->close;
        return;
    };
    $server->socket->{stream}->close;
    await($told);
    cmp_ok( $asked, '>', 3, 'again and again' );
};

case 'the time limit of a call that subscribed was for that call' => sub {
    my @what = ( 'hello', event_source => 'channel:1', request_timeout => 0.05 );
    await( $library->applications->subscribe_p(@what) );
    my $told = $library->wait_for_p( 'ConnectionRestored', timeout => 5 );
    $server->{answer} = sub {
        return sleep_p(0.15)->then( sub { return 200, {} } );
    };
    @{ $server->{requests} } = ();
    $server->cut;
    await($told);
    is_deeply( [ map { (split)[0] } @{ $server->{requests} } ], [qw(DELETE POST)], 'asked once' );
};

case 'a subscription that the server refuses is told of once, and given up' => sub {
    await( $library->applications->subscribe_p( 'hello', event_source => 'channel:1' ) );
    $server->{answer} = sub { return 422, { message => 'no such thing' } };
    my @warnings = warnings_of(
        sub {
            for ( 1, 2 ) {
                my $told = $library->wait_for_p('ConnectionRestored');
                $server->cut;
                await($told);
            }
        }
    );
    is( scalar @warnings, 1, 'once' );
    like( $warnings[0], qr/a subscription could not be put back: 422 no such thing/, 'why' );
};

case 'a subscription is put back also where nothing is left of it, and is forgotten if refused' =>
  sub {
    await( $library->applications->subscribe_p( 'hello', event_source => [ 'a:1', 'b:2' ] ) );
    $server->{answer} = sub {
        my ( $method, $target ) = @_;
        my $refused = $method eq 'DELETE' || $target =~ /b%3A2/;
        return $refused ? ( 422, { message => 'no' } ) : ( 200, {} );
    };
    my $put_back = sub {
        my $told = $library->wait_for_p('ConnectionRestored');
        @{ $server->{requests} } = ();
        $server->cut;
        await($told);
        return [ map { /\APOST .*=(.*)/ ? $1 : () } @{ $server->{requests} } ];
    };
    my @warnings = warnings_of(
        sub {
            is_deeply( $put_back->(), [ 'a%3A1', 'b%3A2' ], 'both' );
            is_deeply( $put_back->(), ['a%3A1'],            'one is forgotten' );
        }
    );
    is( scalar @warnings, 1, 'told of once' );
  };

case 'a subscription that the server kept is still one when it is put back' => sub {
    my $applications = $library->applications;
    my %kept;
    $server->{answer} = sub {
        my ( $method, $target ) = @_;
        my ($source) = $target =~ /eventSource=(.*)/;
        $kept{$source} += $method eq 'POST' ? 1 : -1;
        return 200, {};
    };
    await( $applications->subscribe_p( 'hello', event_source => 'a:1' ) );
    for ( 1, 2 ) {
        my $told = $library->wait_for_p('ConnectionRestored');
        $server->cut;
        await($told);
    }
    is( $kept{'a%3A1'}, 1, 'one' );
    await( $applications->unsubscribe_p( 'hello', event_source => 'a:1' ) );
    is( $kept{'a%3A1'}, 0, 'and none when the program has ended it' );
};

case 'what the program ends while it is put back is not put back' => sub {
    my $applications = $library->applications;
    await( $applications->subscribe_p( 'hello', event_source => 'a:1' ) );
    my ( $told, $asked ) = ( $library->wait_for_p('ConnectionRestored'), 0 );
    $server->{answer} = sub {
        return 200, {} if $asked++;
        return $applications->unsubscribe_p( 'hello', event_source => 'a:1' )
          ->then( sub { return 200, {} } );
    };
    @{ $server->{requests} } = ();
    $server->cut;
    await($told);
    is_deeply( [ map { (split)[0] } @{ $server->{requests} } ], [qw(DELETE DELETE)], 'ended' );
};

case 'further losses before the subscriptions are back' => sub {
    await( $library->applications->subscribe_p( 'hello', event_source => 'channel:1' ) );
    my @told;
    $library->add_event_handler( $_ => sub { push @told, $_[0] } )
      for qw(ConnectionLost ConnectionRestored);
    my $losses = 0;
    $server->{answer} = sub {
        return 200, {} if ++$losses > 2;
        $server->cut;
        return;
    };
    $server->cut;
    until_true( sub { @told && $told[-1]->type eq 'ConnectionRestored' } );
    is_deeply(
        [ map { $_->type } @told ],
        [ ('ConnectionLost') x 3, 'ConnectionRestored' ],
        'each loss, one restoration'
    );
    cmp_ok( $told[-1]->missed_from, '==', $told[0]->since, 'from the first loss on' );
};

case 'objects that ended while nothing was heard are asked for, one at a time, and dropped' => sub {
    my @seen;
    my $handler  = sub { push @seen, 'old' };
    my @channels = map { $library->new_channel("c$_") } 0 .. 29;
    $_->add_event_handler( ChannelVarset => $handler ) for @channels;
    $server->send_events( map { numbered( "c$_", 1 ) } 1 .. 29 );
    read_all();
    my ( $asking, $most ) = ( 0, 0 );
    $server->{answer} = sub {
        my ( undef, $target ) = @_;
        $most = List::Util::max( $most, ++$asking );
        return sleep_p(0.001)->then(
            sub {
                $asking--;
                return $target =~ m{/c1\z}
                  ? ( 200, { id => 'c1' } )
                  : ( 404, { message => 'gone' } );
            }
        );
    };
    my $restored = $library->wait_for_p('ConnectionRestored');
    $server->cut;
    await($restored);
    is( scalar @{ $server->{requests} }, 29, 'all that were heard of' );
    is( $most,                           1,  'one at a time' );
    $library->new_channel($_)->remove_event_handler( ChannelVarset => $handler ) for qw(c0 c1);
    @seen = ();
    $library->new_channel('c2')->add_event_handler( ChannelVarset => sub { push @seen, 'new' } );
    $server->send_events( numbered( 'c2', 1 ) );
    read_all();
    is_deeply( \@seen, ['new'], 'the old handler is dropped' );
};

case 'the place taken by another program is told, and not taken back' => sub {
    $library->close;
    $library = open_library( app => [ 'hello', 'hello' ] );
    $library->connect;
    my $told;
    $library->add_event_handler( ConnectionReplaced => sub { $told = $_[0]->applications } );
    Mojo::IOLoop->timer(
        0.01 => sub {
            $server->send_events( { type => 'ApplicationReplaced', application => 'hello' } );
        }
    );
    my $error = error_of( sub { $library->run } );
    isa_ok( $error, 'AsteriskPl::ConnectionFailedException' );
    like( "$error", qr/another program/, 'says so' );
    until_true( sub { $told } );
    is_deeply( $told, ['hello'], 'told' );
    is( $library->state, 'replaced', 'the state' );
    turn(0.05);
    is( scalar @{ $server->{sockets} }, 2, 'no new connection' );
};

case 'of several applications the one that was taken over is given up' => sub {
    $library->close;
    $library = open_library( app => [ 'one', 'two' ] );
    $library->connect;
    $server->send_events( { type => 'ApplicationReplaced', application => 'one' } );
    read_all();
    is( $library->state, 'connected', 'the other goes on' );
    my $restored = $library->wait_for_p('ConnectionRestored');
    $server->cut;
    await($restored);
    like( $server->socket->{target}, qr/app=two\z/, 'alone' );
};

case 'a server that answers no ping is taken for gone; one that does is not' => sub {
    $library->close;
    $library = open_library( intervals => { ping => 0.04, pong => 0.04 } );
    $library->connect;
    turn(0.25);
    is( $library->state, 'connected', 'alive' );
    my $pings = grep { $_->[4] == Mojo::WebSocket::WS_PING() } @{ $server->socket->{frames} };
    cmp_ok( $pings, '>', 2, 'asked' );
    $server->{pongs} = 0;
    my $lost = await( $library->wait_for_p( 'ConnectionLost', timeout => 2 ) );
    like( $lost->reason, qr/no sign of life within 0.04 s/, 'gone' );
    until_true( sub { $library->state eq 'connected' } );
};

case 'traffic takes the place of pings' => sub {
    $library->close;
    $library = open_library( intervals => { ping => 0.05, pong => 0.05 } );
    $library->connect;
    my $timer =
      Mojo::IOLoop->recurring( 0.01 => sub { $server->send_events( numbered( 'c', 1 ) ) } );
    turn(0.3);
    Mojo::IOLoop->remove($timer);
    is( scalar @{ $server->socket->{frames} }, 0, 'none' );
};

case 'a handler that keeps the process busy does not make the server seem gone' => sub {
    $library->close;
    $library = open_library( intervals => { ping => 0.04, pong => 0.04 } );
    $library->connect;
    my $lost = 0;
    $library->add_event_handler( ConnectionLost => sub { $lost = 1 } );
    Time::HiRes::sleep(0.3);
    turn(0.06);
    is( $lost, 0, 'it does not' );
};

case 'a broken protocol ends the connection and not the library' => sub {
    my %breaks = (
        'a frame of a reserved kind' => [ "\x8b\x00",                                 1006 ],
        'no frame at all'            => [ "HTTP/1.1 200 OK\r\n\r\n",                  1006 ],
        'a size beyond all measure'  => [ "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 1009 ],
        'a size beyond our measure'  => [ "\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff", 1009 ],
        'a close without a reason'   => [ "\x88\x00",                                 1005 ],
        'a close with half a code'   => [ "\x88\x01\x03",                             1005 ],
    );
    for my $name ( sort keys %breaks ) {
        my ( $bytes, $code ) = @{ $breaks{$name} };
        my ( $lost, $restored ) =
          map { $library->wait_for_p( $_, timeout => 5 ) } qw(ConnectionLost ConnectionRestored);
        $server->socket->{stream}->write($bytes);
        Mojo::IOLoop->timer( 0.05 => sub { $server->cut } ) if $code == 1006;
        like( await($lost)->reason, qr/$code/, $name );
        await($restored);
    }
};

case 'not connected: stop ends what connects, at every moment, and run with it' => sub {
    $library->stop;
    my $connecting = $library->connect_p;
    $library->stop for 1, 2;
    isa_ok( error_of( sub { await($connecting) } ), 'AsteriskPl::ConnectionFailedException' );
    $server->{upgrades} = 0;
    for my $wait ( 0, 0.001, 0.02 ) {
        my $waiting = $library->connect_p;
        turn($wait);
        $library->stop;
        like( error_of( sub { await($waiting) } ), qr/stopped/, 'stopped' );
        is( $library->state, 'closed', 'closed' );
    }
    Mojo::IOLoop->timer( 0.02 => sub { $library->stop } );
    is( error_of( sub { $library->run } ), undef, 'run just ends' );
    Mojo::IOLoop->timer( 0.02 => sub { $library->stop } );
    like( error_of( sub { $library->connect } ), qr/stopped/, 'connect fails' );
    until_true( sub { $server->connections == 0 }, 'the attempts were given up' );
    $server->{upgrades} = 101;
    $library->connect;
    is( $library->state, 'connected', 'it may be tried again' );
};

case 'stop ends the back-off, and what is put back after it' => sub {
    $library->close;
    $library = open_library( intervals => { backoff => [ 60, 60 ] } );
    $library->connect;
    $server->cut;
    until_true( sub { $library->state eq 'reconnecting' } );
    Mojo::IOLoop->timer( 0.01 => sub { $library->stop } );
    is( error_of( sub { $library->run } ), undef, 'run ends' );
    $library = open_library( intervals => { backoff => [ 0.005, 60 ] } );
    $library->connect;
    await( $library->applications->subscribe_p( 'hello', event_source => 'channel:1' ) );
    my $asked = 0;
    $server->{answer} = sub {
        my ( undef, undef, undef, $stream ) = @_;
        $asked++;
        $stream->close;
        return;
    };
    $server->socket->{stream}->close;
    until_true( sub { $asked } );
    $library->stop;
    turn(0.03);
    is( $library->state, 'closed', 'closed' );
};

case 'stop in a handler drops what waits; afterwards the library works as new' => sub {
    my @seen;
    my $gate = Mojo::Promise->new;
    $library->new_channel('c')->add_event_handler(
        ChannelVarset => sub {
            my ($event) = @_;
            push @seen, $event->value;
            return if $event->value != 1;
            $library->stop for 1, 2;
            return $gate;
        }
    );
    Mojo::IOLoop->timer(
        0.01 => sub {
            $server->send_events( map { numbered( 'c', $_ ) } 0 .. 3 );
        }
    );
    is( error_of( sub { $library->run } ), undef, 'run ends' );
    $library->connect;

    # The handler of the time before is still busy: these wait in its queue.
    $server->send_events( numbered( 'c', 4 ), numbered( 'c', 5 ) );
    read_all();
    is_deeply( \@seen, [ 0, 1 ], 'they wait' );
    $gate->resolve;
    until_true( sub { @seen == 4 } );
    is_deeply( \@seen, [ 0, 1, 4, 5 ], 'dropped are 2 and 3 alone' );
};

case 'stop in a handler that does not wait drops what has come' => sub {
    my @seen;
    $library->add_event_handler(
        ChannelVarset => sub {
            my ($event) = @_;
            push @seen, $event->value;
            $library->stop if $event->value == 1;
            return;
        }
    );
    $server->send_events( map { numbered( "c$_", $_ ) } 0 .. 3 );
    until_true( sub { $library->state eq 'closed' } );
    turn(0.02);
    is_deeply( \@seen, [ 0, 1 ], 'dropped' );
};

case 'stop drops what waits behind a handler that was about to go on' => sub {
    my @seen;
    $library->new_channel('c')->add_event_handler(
        ChannelVarset => sub {
            my ($event) = @_;
            push @seen, $event->value;
            return sleep_p(0)->then( sub { $library->stop if $event->value == 1 } );
        }
    );
    $server->send_events( map { numbered( 'c', $_ ) } 0 .. 3 );
    until_true( sub { $library->state eq 'closed' } );
    turn(0.02);
    is_deeply( \@seen, [ 0, 1 ], 'dropped' );
};

case 'a blocking call in a handler fails when the library is stopped meanwhile' => sub {
    my $error;
    $library->add_event_handler(
        StasisStart => sub {
            my ($event) = @_;
            $error = error_of( sub { $event->channel->wait_for('ChannelDestroyed') } );
        }
    );
    $server->send_events( about( 'c', 'StasisStart' ) );
    Mojo::IOLoop->timer( 0.02 => sub { $library->stop } );
    until_true( sub { $error } );
    like( "$error", qr/was stopped/, 'at once' );
};

case 'nothing is heard after stop, and the server hears a farewell' => sub {
    my $seen = 0;
    $library->add_event_handler( StasisStart => sub { $seen++ } );
    my $socket = $server->socket;
    $library->stop;
    $server->send_events( map { about( $_, 'StasisStart' ) } 1 .. 100 );
    turn(0.05);
    is( $seen, 0, 'nothing' );
    my ($close) = grep { $_->[4] == Mojo::WebSocket::WS_CLOSE() } @{ $socket->{frames} };
    is( unpack( 'n', $close->[5] ), 1000, 'the farewell' );
    is( $server->connections,       0,    'closed' );
};

case 'a server that does not answer the farewell is left' => sub {
    my $stream = $server->socket->{stream};
    $stream->stop;
    $library->stop;
    turn(0.4);
    $stream->start;
    until_true( sub { $server->connections == 0 }, 'the connection is closed' );
    pass('left');
};

case 'an object that ended in a dropped event is over too' => sub {
    $library->close;
    $library = open_library( intervals => { history => 60 } );
    $library->connect;
    my $handler = sub { $library->stop };
    my $bridge  = $library->new_bridge('b');
    $bridge->add_event_handler( BridgeCreated => $handler );
    $server->send_events( map { { type => $_, bridge => { id => 'b' } } }
          qw(BridgeCreated BridgeDestroyed) );
    until_true( sub { $library->state eq 'closed' } );
    my @seen;
    $bridge->add_event_handler( BridgeCreated => sub { push @seen, 'mine' } );
    $library->connect;
    $server->send_events( { type => 'BridgeCreated', bridge => { id => 'b' } } );
    read_all();
    is_deeply( \@seen, ['mine'], 'the old handler is dropped' );
    is( $library->state, 'connected', 'and was not called' );
};

case 'a library that nobody holds any more ends, with its connection' => sub {
    my $other = open_library( app => 'other' );
    $other->connect;
    $other->add_event_handler( Event => sub { } );
    $server->send_events( about( 'c', 'StasisStart' ), about( 'c', 'ChannelDestroyed' ) );
    $other->wait_for('ChannelDestroyed');
    turn(0.02);
    Scalar::Util::weaken( my $stream = $other->event_stream );
    undef $other;
    until_true( sub { $server->connections == 1 }, 'the connection is closed' );
    turn(0.02);
    is( $stream, undef, 'and all that it was' );
};

case 'two libraries in one process do not disturb each other' => sub {
    my $other = open_library( app => 'other' );
    $other->connect;
    my @seen;
    $library->new_channel('c')->add_event_handler( ChannelVarset => sub { push @seen, 'first' } );
    $other->new_channel('c')->add_event_handler( ChannelVarset => sub { push @seen, 'second' } );
    $server->send_events( numbered( 'c', 1 ) );
    until_true( sub { @seen } );
    $other->close;
    turn(0.02);
    is_deeply( \@seen, ['second'], 'one alone' );
    is( $library->state, 'connected', 'the other goes on' );
};

case 'a child of a fork leaves the connection alone' => sub {
    my $child = fork;
    if ( !$child ) {
        undef $library;
        $server = undef;
        require POSIX;
        POSIX::_exit(0);
    }
    waitpid $child, 0;
    my $coming = $library->wait_for_p('StasisStart');
    $server->send_events( about( 'c', 'StasisStart' ) );
    is( await($coming)->type,                  'StasisStart', 'events come' );
    is( scalar @{ $server->socket->{frames} }, 0,             'no farewell was sent' );
};

case 'no credentials in what is shown of a library, its objects and its errors' => sub {
    my $shown = open_library( app => 'shown' );
    $server->{upgrades} = 401;
    my $error = error_of( sub { $shown->connect } );
    $server->{upgrades} = 101;
    $server->{answer}   = sub { $_[3]->close; return };
    my $cut = error_of( sub { await( $shown->asterisk->ping_p ) } );
    $shown->connect;
    my $waiting = $shown->wait_for_p('StasisStart');
    $server->send_events( about( 'c', 'StasisStart' ) );
    my $event   = await($waiting);
    my $encoded = 'dXNlcjpzZTpjcmV0';

    for my $value ( $error, $cut, $event, $event->channel, $shown->new_channel('c'), $shown ) {
        my $text = Data::Dumper::Dumper($value) . Mojo::JSON::to_json($value) . $value;
        unlike( $text, qr/$EventTests::SECRET|$encoded|se%3Acret/, ref $value );
    }
    unlike( $server->socket->{target}, qr/cret/, 'nor in the address' );
    $shown->close;
};

done_testing;
