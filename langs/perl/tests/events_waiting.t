#!/usr/bin/perl

# wait_for: what it finds, and when it ends.

use strict;
use warnings;

use Mojo::IOLoop ();
use Test::More;
use Time::HiRes ();

use EventTests ':all';

case 'it finds what came since the call, each event once, and what is yet to come' => sub {
    $server->send_events( about( 'c', 'StasisStart' ) );
    my $channel = $library->new_channel('c');
    read_all();
    is( $channel->wait_for('StasisStart')->type, 'StasisStart', 'what came' );
    my $late = error_of( sub { $channel->wait_for( 'StasisStart', timeout => 0.005 ) } );
    isa_ok( $late, 'AsteriskPl::TimeoutException' );
    like( "$late", qr/no StasisStart of Channel c came within 0.005 s/, 'says so' );
    my $coming = $channel->wait_for_p( 'ChannelVarset', timeout => 'inf' );
    $server->send_events( numbered( 'other', 1 ), numbered( 'c', 2 ) );
    is( await($coming)->value, '2', 'what comes' );
};

case 'each call gives the next event' => sub {
    my $channel = $library->new_channel('c');
    $server->send_events( map { about( 'c', 'ChannelDtmfReceived', digit => $_ ) } 1 .. 3, q{#} );
    my $digits = join q{}, map { $channel->wait_for('ChannelDtmfReceived')->digit } 1 .. 4;
    is( $digits, '123#', 'in order' );
};

case 'a base type finds its subtypes in the order of arrival' => sub {
    my $channel = $library->new_channel('c');
    my @types   = qw(StasisStart ChannelHold ChannelVarset Novelty);
    $server->send_events( map { about( 'c', $_ ) } @types, 'ChannelUnhold' );
    read_all();
    my @found = map { $channel->wait_for('Event')->type } @types;

    # What the documents do not know names no object.
    is_deeply( \@found, [qw(StasisStart ChannelHold ChannelVarset ChannelUnhold)], 'in order' );
};

case 'a library that has called nothing means the events from now on' => sub {
    $server->send_events( numbered( 'c', 1 ) );
    my $read;
    $library->once( ChannelVarset => sub { $read = 1 } );
    until_true( sub { $read } );
    my $coming = $library->wait_for_p('ChannelVarset');
    $server->send_events( numbered( 'c', 2 ) );
    is( await($coming)->value, '2', 'the new one' );
};

case 'a library that has made a call means the events since then' => sub {
    await( $library->channels->get_p('c') );
    $server->send_events( numbered( 'c', 1 ) );
    read_all();
    is( $library->wait_for('ChannelVarset')->value, '1', 'found' );
};

case 'in a handler it does not wait for itself, with a promise' => sub {
    my $found;
    $library->once(
        StasisStart => sub {
            my ($event) = @_;
            return $event->channel->wait_for_p('ChannelDtmfReceived')
              ->then( sub { $found = shift } );
        }
    );
    $server->send_events( about( 'c', 'StasisStart' ),
        about( 'c', 'ChannelDtmfReceived', digit => '5' ) );
    until_true( sub { $found } );
    is( $found->digit, '5', 'found' );
};

case 'in a handler it does not wait for itself, blocking, while no other handler starts' => sub {
    my @seen;
    $library->add_event_handler( ChannelVarset => sub { push @seen, 'another' } );
    $library->once(
        StasisStart => sub {
            my ($event) = @_;
            push @seen, $event->channel->wait_for('ChannelDtmfReceived')->digit;
        }
    );
    $server->send_events( about( 'c', 'StasisStart' ), numbered( 'd', 1 ) );
    Mojo::IOLoop->timer(
        0.03 => sub {
            is_deeply( \@seen, [], 'nothing has run yet' );
            $server->send_events( about( 'c', 'ChannelDtmfReceived', digit => '5' ) );
        }
    );
    until_true( sub { @seen == 2 } );
    is_deeply( \@seen, [ '5', 'another' ], 'then both' );
};

case 'outside of handlers, handlers run while it waits' => sub {
    my @seen;
    $library->add_event_handler( StasisStart => sub { push @seen, 'handled' } );
    $server->send_events( about( 'c', 'StasisStart' ) );
    Mojo::IOLoop->timer( 0.02 => sub { $server->send_events( numbered( 'c', 1 ) ) } );
    $library->wait_for('ChannelVarset');
    is_deeply( \@seen, ['handled'], 'it ran' );
};

case 'many wait at once' => sub {
    my @waiting = map { $library->new_channel("c$_")->wait_for_p('StasisStart') } 1 .. 50;
    my @both    = map { $library->wait_for_p('ChannelVarset') } 1, 2;
    $server->send_events( ( map { about( "c$_", 'StasisStart' ) } reverse 1 .. 50 ),
        numbered( 'c', 1 ) );
    is_deeply( [ map { await($_)->channel->id } @waiting ], [ map { "c$_" } 1 .. 50 ], 'all' );
    is( await( shift @both )->value, 1, 'the first of two comes first' );
    $server->send_events( numbered( 'c', 2 ) );
    is( await( shift @both )->value, 2, 'then the second' );
};

case 'not connected: it fails at once while nothing can come' => sub {
    my $early = error_of( sub { $library->wait_for('StasisStart') } );
    isa_ok( $early, 'AsteriskPl::ConnectionFailedException' );
    like( "$early", qr/before connect/, 'says so' );
    $library->connect;
    my $waiting = $library->new_channel('c')->wait_for_p('StasisStart');
    $library->stop;
    isa_ok( error_of( sub { await($waiting) } ), 'AsteriskPl::ConnectionFailedException' );
    like( error_of( sub { $library->wait_for('StasisStart') } ), qr/was stopped/, 'says so again' );
};

case 'a lost connection does not end it' => sub {
    my $waiting = $library->wait_for_p('StasisStart');
    my $back    = $library->wait_for_p('ConnectionRestored');
    $server->cut;
    await($back);
    $server->send_events( about( 'c', 'StasisStart' ) );
    is( await($waiting)->type, 'StasisStart', 'found' );
};

case 'what is no time, and what is no option' => sub {
    for my $timeout ( 'nan', -1, 'soon', [], q{} ) {
        my $error = error_of( sub { $library->wait_for( 'Dial', timeout => $timeout ) } );
        isa_ok( $error, 'AsteriskPl::IllegalInputException' );
        my $promised = $library->wait_for_p( 'Dial', timeout => $timeout );
        isa_ok( error_of( sub { await($promised) } ), 'AsteriskPl::IllegalInputException' );
    }
    like( error_of( sub { $library->wait_for( 'Dial', time => 5 ) } ),
        qr/no option time;/, 'named' );
    like( error_of( sub { $library->wait_for( 'Dial', 5 ) } ), qr/names and values/, 'unnamed' );
    my @warned = warnings_of(
        sub {
            error_of( sub { $library->wait_for( 'StasisStrat', timeout => 0 ) } );
        }
    );
    like( "@warned", qr/Did you mean StasisStart/, 'a misspelt name is warned of' );
};

case 'an error thrown by a signal ends it, and leaves nothing' => sub {
    if ( ref Mojo::IOLoop->singleton->reactor ne 'Mojo::Reactor::Poll' ) {
        pass('other reactors warn of it and go on');
        return;
    }
    local $SIG{ALRM} = sub { die "enough\n" };
    Time::HiRes::alarm(0.05);
    my $timer = Mojo::IOLoop->recurring( 0.01 => sub { } );
    my $error = error_of( sub { $library->wait_for('StasisStart') } );
    Mojo::IOLoop->remove($timer);
    is( $error, "enough\n", 'the very error' );
    is_deeply( $library->event_stream->{history}{waiters}, {}, 'nobody waits' );
};

case 'it finds the end of an object that is over' => sub {
    my $bridge = $library->new_bridge('b');
    $server->send_events( { type => 'BridgeDestroyed', bridge => { id => 'b' } } );
    read_all();
    is( $bridge->wait_for('BridgeDestroyed')->type, 'BridgeDestroyed', 'found' );
};

# What waiting for something of an object ends with, when it is over.
sub in_vain {
    my ($waiting) = @_;
    my $error = error_of($waiting);
    isa_ok( $error, 'AsteriskPl::IllegalStateException' );
    like( "$error", qr/in vain: the object has ended/, 'says so' );
    return;
}

case 'it ends with its object, unless the event is there' => sub {
    $library->close;
    $library = open_library( intervals => { history => 60 } );
    $library->connect;
    my $channel = $library->new_channel('c');
    my $waiting = $channel->wait_for_p('ChannelDtmfReceived');
    my $end     = $channel->wait_for_p('ChannelDestroyed');
    my $any     = $library->wait_for_p('ChannelDtmfReceived');
    $server->send_events( about( 'c', 'StasisStart' ), about( 'c', 'ChannelDestroyed' ) );
    in_vain( sub { await($waiting) } );
    is( await($end)->type, 'ChannelDestroyed', 'the end itself is found' );
    in_vain( sub { $channel->wait_for('ChannelDtmfReceived') } );
    in_vain( sub { await( $channel->wait_for_p('ChannelDtmfReceived') ) } );
    is( $channel->wait_for('StasisStart')->type, 'StasisStart', 'and so is what came before' );
    in_vain( sub { $channel->wait_for('StasisStart') } );

    # What is made now is another channel with the same id.
    my $again = $library->new_channel('c')->wait_for_p('ChannelDtmfReceived');
    turn(0.02);
    $server->send_events( about( 'c', 'StasisStart' ), about( 'c', 'ChannelDtmfReceived' ) );
    is( await($again)->type, 'ChannelDtmfReceived', 'found' );

    # The program need not tell the two apart.
    my $hold = $channel->wait_for_p('ChannelHold');
    $server->send_events( about( 'c', 'ChannelHold' ) );
    is( await($hold)->type, 'ChannelHold', 'found' );

    # The library is never over.
    is( await($any)->type, 'ChannelDtmfReceived', 'found' );
    is_deeply( $library->event_stream->{history}{waiters}, {}, 'nobody waits' );
};

case 'it ends with its object in a handler, which holds up the event that says so' => sub {
    my @errors;
    $library->new_channel('p')->once(
        StasisStart => sub {
            my ($event) = @_;
            return $event->channel->wait_for_p('ChannelDtmfReceived')
              ->catch( sub { push @errors, @_; return } );
        }
    );
    $library->new_channel('b')->once(
        StasisStart => sub {
            my ($event) = @_;
            push @errors, error_of( sub { $event->channel->wait_for('ChannelDtmfReceived') } );
        }
    );
    $library->new_channel('left')->once(
        StasisStart => sub {
            my ($event) = @_;
            push @errors, error_of( sub { $event->channel->wait_for('ChannelDtmfReceived') } );
        }
    );
    $server->send_events(
        ( map { about( $_, 'StasisStart' ) } qw(p b left) ),
        ( map { about( $_, 'ChannelDestroyed' ) } qw(p b) ),
        about( 'left', 'StasisEnd' )
    );
    until_true( sub { @errors == 3 } );
    isa_ok( $_, 'AsteriskPl::IllegalStateException' ) for @errors;
};

case 'who has a grace is waited for until it is over, and who is heard of in it longer' => sub {
    my $left  = $library->new_channel('left')->wait_for_p('ChannelDtmfReceived');
    my $heard = $library->new_channel('heard')->wait_for_p('ChannelDtmfReceived');
    $server->send_events(
        about( 'left',  'StasisEnd' ),
        about( 'heard', 'StasisEnd' ),
        about( 'heard', 'ChannelVarset' )
    );
    my $begun = Time::HiRes::time();
    in_vain( sub { await($left) } );
    cmp_ok( Time::HiRes::time() - $begun, '>', 0.05, 'not at once' );
    turn(0.05);
    $server->send_events( about( 'heard', 'ChannelDtmfReceived' ) );
    is( await($heard)->type, 'ChannelDtmfReceived', 'found' );
    is_deeply( $library->event_stream->{leaving}, {}, 'nothing is left' );
};

case 'who left and then ended stays so' => sub {
    $library->close;
    $library = open_library( intervals => { history => 60 } );
    $library->connect;
    my $channel = $library->new_channel('c');
    $server->send_events( about( 'c', 'StasisEnd' ), about( 'c', 'ChannelDestroyed' ) );
    read_all();
    until_true( sub { !%{ $library->event_stream->{leaving} } } );
    in_vain( sub { $channel->wait_for( 'ChannelDtmfReceived', timeout => 1 ) } );
};

case 'it ends for an object that ended while nothing was heard' => sub {
    my $channel = $library->new_channel('c');
    $channel->add_event_handler( ChannelVarset => sub { } );
    $server->send_events( numbered( 'c', 1 ) );
    read_all();
    my $waiting = $channel->wait_for_p('ChannelDestroyed');
    $server->{answer} = sub { return 404, { message => 'gone' } };
    $server->cut;
    in_vain( sub { await($waiting) } );
};

case 'a burst of one type does not displace another' => sub {
    my $channel = $library->new_channel('c');
    $server->send_events( about( 'c', 'StasisStart' ), map { numbered( 'c', $_ ) } 1 .. 1000 );
    read_all();
    is( $channel->wait_for('StasisStart')->type, 'StasisStart', 'still there' );
    cmp_ok( $channel->wait_for('ChannelVarset')->value, '>', 800, 'of the burst, the last' );
};

case 'the number of remembered objects and types is limited' => sub {
    my $history = $library->event_stream->{history};
    $history->record( 'StasisStart', [$_], "AsteriskPl::Channel c$_" ) for 1 .. 20_001;
    cmp_ok( $history->size, '<=', 20_000, 'objects' );
    is( $history->last_of('AsteriskPl::Channel c1'),     undef,  'the oldest are forgotten' );
    is( $history->last_of('AsteriskPl::Channel c20001'), 20_001, 'the newest are not' );
    $history->record( "Type$_", [$_], 'AsteriskPl::Channel many' ) for 1 .. 1100;
    my $types = $history->{pasts}{'AsteriskPl::Channel many'}{types};
    is( scalar keys %{$types}, 1000, 'types' );
    ok( !$types->{Type1} && $types->{Type1100}, 'the newest' );
};

done_testing;
