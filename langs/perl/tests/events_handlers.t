#!/usr/bin/perl

# Handlers: which are called, in which order, and what happens when one waits, blocks or dies.

use strict;
use warnings;

use Mojo::IOLoop  ();
use Mojo::Promise ();
use Test::More;
use Time::HiRes ();

use AsteriskPl::Runtime::Blocking ();
use EventTests ':all';

case 'events of an object come in order, one at a time, and block no other object' => sub {
    my ( @slow, @quick );
    my ( $running, $most ) = ( 0, 0 );
    my $gate = Mojo::Promise->new;
    $library->new_channel('slow')->add_event_handler(
        ChannelVarset => sub {
            my ($event) = @_;
            $running++;
            $most = $running if $running > $most;
            return $gate->then( sub { push @slow, $event->value; $running--; } );
        }
    );
    $library->new_channel('quick')
      ->add_event_handler( ChannelVarset => sub { push @quick, $_[0]->value; return } );
    $server->send_events( numbered( 'slow', $_ ), numbered( 'quick', $_ ) ) for 0 .. 19;
    until_true( sub { @quick == 20 } );
    is_deeply( \@slow, [], 'the slow object waits' );
    $gate->resolve;
    until_true( sub { @slow == 20 } );
    is_deeply( [ \@slow, \@quick ], [ [ 0 .. 19 ], [ 0 .. 19 ] ], 'in order' );
    is( $most, 1, 'one at a time' );
};

case 'what does not wait runs in the order of arrival' => sub {
    my @seen;
    $library->add_event_handler( ChannelVarset => sub { push @seen, $_[0]->value; return } );
    $server->send_events( map { numbered( 'c' . $_ % 3, $_ ) } 0 .. 29 );
    read_all();
    is_deeply( \@seen, [ 0 .. 29 ], 'in order' );
};

case 'handlers of one event that wait run one after the other' => sub {
    my @seen;
    for my $name (qw(first second)) {
        $library->add_event_handler(
            StasisStart => sub {
                push @seen, "$name begins";
                return sleep_p(0.01)->then( sub { push @seen, "$name ends" } );
            }
        );
    }
    $library->new_channel('c')
      ->add_event_handler( StasisStart => sub { push @seen, 'object'; return } );
    $server->send_events( about( 'c', 'StasisStart' ) );
    until_true( sub { @seen == 5 } );
    is_deeply( \@seen, [ 'first begins', 'first ends', 'second begins', 'second ends', 'object' ],
        'in order' );
};

case 'the library before the object, every object named gets the event once' => sub {
    my @seen;
    $library->new_bridge('b')
      ->add_event_handler( ChannelEnteredBridge => sub { push @seen, 'bridge' } );
    $library->new_channel('c')
      ->add_event_handler( ChannelEnteredBridge => sub { push @seen, 'channel' } );
    $library->add_event_handler( ChannelEnteredBridge => sub { push @seen, 'library' } );
    $server->send_events( about( 'c', 'ChannelEnteredBridge', bridge => { id => 'b' } ) );
    my $dials = 0;
    $library->new_channel('c')->add_event_handler( Dial => sub { $dials++ } );
    $server->send_events( { type => 'Dial', caller => { id => 'c' }, peer => { id => 'c' } } );
    read_all();
    is_deeply( \@seen, [qw(library channel bridge)], 'in order' );
    is( $dials, 1, 'once' );
};

case 'handlers of one event share it' => sub {
    my @seen;
    $library->add_event_handler( StasisStart => sub { push @seen, $_[0] } ) for 1, 2;
    $library->new_channel('c')->add_event_handler( StasisStart => sub { push @seen, $_[0] } );
    $server->send_events( about( 'c', 'StasisStart' ) );
    read_all();
    is( scalar @seen, 3,    'three' );
    is( "$seen[0]",   "$_", 'the same' ) for @seen;
};

case 'ids that are numbers, and ids with what separates keys' => sub {
    my @seen;
    for my $id ( 5, 'a b', 'a/b', 'a%20b', '0' ) {
        $library->new_channel($id)->add_event_handler( ChannelHold => sub { push @seen, $id } );
    }
    $server->send_events( map { about( $_, 'ChannelHold' ) } 5, 'a b', 'a/b', 'a%20b', '0' );
    read_all();
    is_deeply( \@seen, [ 5, 'a b', 'a/b', 'a%20b', '0' ], 'each its own' );
};

case 'once runs once, a removed handler never, one that is added twice runs twice' => sub {
    my @seen;
    my $twice   = sub { push @seen, 'twice' };
    my $removed = sub { push @seen, 'removed' };
    $library->once( StasisStart => sub { push @seen, 'once' } );
    $library->add_event_handler( StasisStart => $twice );
    $library->add_event_handler( StasisStart => $twice );
    $library->add_event_handler( StasisStart => $removed );
    $library->remove_event_handler( StasisStart => $removed );
    my $again = error_of( sub { $library->remove_event_handler( StasisStart => $removed ) } );
    isa_ok( $again, 'AsteriskPl::IllegalInputException' );

    for my $wrong ( 'f', undef, [], {} ) {
        my $error = error_of( sub { $library->add_event_handler( StasisStart => $wrong ) } );
        isa_ok( $error, 'AsteriskPl::IllegalInputException' );
    }
    for my $wrong ( undef, q{}, [] ) {
        my $error = error_of( sub { $library->add_event_handler( $wrong, $twice ) } );
        isa_ok( $error, 'AsteriskPl::IllegalInputException' );
    }
    $server->send_events( about( 'a', 'StasisStart' ), about( 'b', 'StasisStart' ) );
    read_all();
    is_deeply( [ sort @seen ], [qw(once twice twice twice twice)], 'so often' );
    $library->remove_event_handler( StasisStart => $twice );
    $server->send_events( about( 'c', 'StasisStart' ) );
    read_all();
    is( scalar @seen, 6, 'one registration is left' );
};

case 'handlers may be added and removed while an event is handled' => sub {
    my @seen;
    my $second = sub { push @seen, 'second' };
    $library->add_event_handler(
        StasisStart => sub {
            push @seen, 'first';
            return if @seen > 1;
            $library->remove_event_handler( StasisStart => $second );
            $library->add_event_handler( StasisStart => sub { push @seen, 'third' } );
        }
    );
    $library->add_event_handler( StasisStart => $second );
    $server->send_events( about( 'c', 'StasisStart' ) );
    read_all();
    is_deeply( \@seen, ['first'], 'the removed one is not called, the new one not yet' );
    $server->send_events( about( 'c', 'StasisStart' ) );
    read_all();
    is_deeply( \@seen, [qw(first first third)], 'the new one is' );
};

case 'a handler that dies is reported and hurts no other' => sub {
    my @seen;
    my @warnings = warnings_of(
        sub {
            $library->add_event_handler( StasisStart => sub { die "mine\n" } );
            my $rejected = sub { return Mojo::Promise->reject('ours') };
            $library->add_event_handler( StasisStart => $rejected );
            $library->add_event_handler( StasisStart => sub { push @seen, 'after' } );
            $server->send_events( about( 'c', 'StasisStart' ), about( 'c', 'StasisStart' ) );
            until_true( sub { @seen == 2 } );
        }
    );
    is_deeply( \@seen, [qw(after after)], 'the others run' );
    is_deeply(
        \@warnings,
        [
            (
                "a handler for StasisStart failed: mine\n",
                "a handler for StasisStart failed: ours\n"
            ) x 2
        ],
        'reported'
    );
};

case 'on_error gets what nobody waits for; if it dies itself, that is warned of' => sub {
    my @errors;
    $library = open_library(
        on_error => sub {
            push @errors, @_;
            die "worse\n" if @errors > 2;
        }
    );
    $library->connect;
    $library->add_event_handler( StasisStart => sub { die { my => 'own' } } );
    my @warnings = warnings_of(
        sub {
            $server->send_events( about( 'c', 'StasisStart' ), about( 'c', 'StasisStart' ) );
            read_all();
        }
    );
    is_deeply( $errors[0], { my => 'own' }, 'the error as it was thrown' );
    is( $errors[1],       'a handler for StasisStart failed', 'what failed' );
    is( scalar @warnings, 1,                                  'the second is warned of' );
    like( $warnings[0], qr/on_error failed: worse/, 'with the reason' );
};

case 'a base type means its subtypes, and an unknown type comes as the base event' => sub {
    my ( @seen, @messages );
    $library->add_event_handler( Event   => sub { push @seen,     [ ref $_[0], $_[0]->type ] } );
    $library->add_event_handler( Message => sub { push @messages, $_[0]->type } );
    my @types = qw(StasisStart Novelty MissingParams);
    $server->send_events( map { about( 'c', $_, a => { b => 1 } ) } @types );
    read_all();
    is_deeply( [ @seen[ 0, 1 ] ],
        [ [ 'AsteriskPl::StasisStart', 'StasisStart' ], [ 'AsteriskPl::Event', 'Novelty' ] ],
        'classes' );
    is_deeply( [ grep { $_->[1] eq 'MissingParams' } @seen ], [], 'not every message is an event' );
    is_deeply( [ @messages[ 0 .. 2 ] ], \@types,                  'every message is a message' );
};

case 'a misspelt name is warned of once, and still registered' => sub {
    my $seen     = 0;
    my @warnings = warnings_of(
        sub {
            $library->add_event_handler( StasisStrat    => sub { $seen++ } ) for 1, 2;
            $library->add_event_handler( Event          => sub { } );
            $library->add_event_handler( ConnectionLost => sub { } );
        }
    );
    is_deeply(
        \@warnings,
        ["no event is called StasisStrat in this version of the API. Did you mean StasisStart?\n"],
        'once'
    );
    $server->send_events( { type => 'StasisStrat' } );
    read_all();
    is( $seen, 2, 'called' );
};

case 'messages that nobody expects harm nothing' => sub {
    my @seen;
    $library->add_event_handler( Event => sub { push @seen, $_[0] } );
    my @warnings = warnings_of(
        sub {
            $server->send_text( '{', '[]', 'null', '5', '"x"', '{}', '{"type":5}', q{} );
            $server->send_frame( 1, Mojo::WebSocket::WS_BINARY(), '{"type":"StasisStart"}' );
            $server->send_text(
                '{"type":{"toString":1}}',
                '{"type":true,"channel":true}',
                '{"type":"StasisStart","channel":{"id":{"toString":1}}}',
                '{"type":"StasisStart","channel":{"id":true}}',
                '{"type":"StasisStart","channel":[]}',
                '{"type":"StasisStart","channel":"c"}',
                '{"type":"StasisStart","channel":{"id":""}}',
                '{"type":"DESTROY","new":1,"can":2,"isa":3,"AUTOLOAD":4}',
            );
            read_all();
        }
    );
    is( scalar( grep { /not JSON/ } @warnings ), 2,           'what is no JSON is told' );
    is( scalar @warnings,                        2,           'and nothing else' );
    is( $library->state,                         'connected', 'still connected' );
    is_deeply(
        [ map { $_->type } grep { defined $_->type && !ref $_->type } @seen ],
        [ 5, ('StasisStart') x 5, qw(DESTROY ChannelHold) ],
        'what has a type is an event'
    );
};

case 'letters of all alphabets, in pieces, and in a foreign encoding' => sub {
    my @seen;
    $library->add_event_handler( ChannelVarset => sub { push @seen, $_[0]->value } );
    my $text = Mojo::JSON::encode_json( numbered( 'c', "Gr\x{fc}\x{df}e \x{1F4DE}" ) );
    $server->send_text($text);
    my $half = int length($text) / 2;
    $server->send_frame( 0, Mojo::WebSocket::WS_TEXT(), substr $text, 0, $half );
    $server->send_frame( 1, Mojo::WebSocket::WS_CONTINUATION(), substr $text, $half );
    $server->send_text(qq({"type":"ChannelVarset","value":"caf\xe9"}));
    read_all();
    is_deeply( \@seen, [ ("Gr\x{fc}\x{df}e \x{1F4DE}") x 2, "caf\x{fffd}" ], 'read' );
};

case 'messages of all sizes' => sub {
    my @seen;
    $library->add_event_handler( ChannelVarset => sub { push @seen, length $_[0]->value } );
    my @sizes = ( 0, 1, 125, 126, 65_535, 65_536, 300_000, 3_000_000 );
    $server->send_events( map { numbered( 'c', 'x' x $_ ) } @sizes );
    read_all();
    is_deeply( \@seen, \@sizes, 'all' );
};

# Calls that block in a handler. The test itself waits below them: what is to happen meanwhile
# happens in callbacks.

case 'a blocking call in a handler lets frames be read and starts no other handler' => sub {
    my ( @seen, $depth );
    my $answer = Mojo::Promise->new;
    $server->{answer} = sub { return $answer };
    $library->add_event_handler(
        ChannelVarset => sub {
            my ($event) = @_;
            push @seen, 'begins ' . $event->value;
            $depth++;
            is( $depth, 1, 'no handler within a handler' );
            my $channel = $library->get_channel('c');
            push @seen, 'ends ' . $event->value . ' with ' . $channel->name;
            $depth--;
            return;
        }
    );
    $library->wait_for_p('StasisStart')->then( sub { return sleep_p(0.02) } )->then(
        sub {
            is_deeply( \@seen, ['begins 1'], 'what came is read while the handler blocks' );
            $answer->resolve( 200, { id => 'c', name => 'Local/1' } );
        }
    );
    $server->send_events( numbered( 'c', 1 ), numbered( 'd', 2 ), about( 'e', 'StasisStart' ) );
    until_true( sub { @seen == 4 } );
    is_deeply(
        \@seen,
        [ 'begins 1', 'ends 1 with Local/1', 'begins 2', 'ends 2 with Local/1' ],
        'one after the other'
    );
};

case 'a blocking call in a callback of a promise starts no other handler either' => sub {
    my @seen;
    my $answer = Mojo::Promise->new;
    $server->{answer} = sub { return $answer };
    $library->add_event_handler(
        ChannelVarset => sub {
            my ($event) = @_;
            return sleep_p(0)->then(
                sub {
                    push @seen, 'begins ' . $event->value;
                    $library->get_channel('c');
                    push @seen, 'ends ' . $event->value;
                }
            ) if $event->value == 1;
            push @seen, $event->value;
            return;
        }
    );
    $library->wait_for_p('StasisStart')->then( sub { return sleep_p(0.02) } )->then(
        sub {
            is_deeply( \@seen, ['begins 1'], 'held back' );
            $answer->resolve( 200, { id => 'c' } );
        }
    );
    Mojo::IOLoop->timer(
        0.05 => sub { $server->send_events( numbered( 'd', 2 ), about( 'e', 'StasisStart' ) ) } );
    $server->send_events( numbered( 'c', 1 ) );
    until_true( sub { @seen == 3 } );
    is_deeply( \@seen, [ 'begins 1', 'ends 1', 2 ], 'then it runs' );
};

case 'two handlers of two libraries do not run within each other' => sub {
    my $other = open_library( app => 'other' );
    $other->connect;
    my ( $first, $second ) = @{ $server->{sockets} };
    my @seen;
    my $answer = Mojo::Promise->new;
    $server->{answer} = sub { return $answer };
    $library->add_event_handler(
        StasisStart => sub {
            push @seen, 'begins';
            $library->get_channel('c');
            push @seen, 'ends';
        }
    );
    $other->add_event_handler( StasisStart => sub { push @seen, 'other' } );
    @{ $server->{sockets} } = $first;
    $server->send_events( about( 'c', 'StasisStart' ) );
    Mojo::IOLoop->timer(
        0.05 => sub {
            @{ $server->{sockets} } = $second;
            $server->send_events( about( 'c', 'StasisStart' ) );
        }
    );
    $other->wait_for_p('StasisStart')->then( sub { return sleep_p(0.02) } )->then(
        sub {
            is_deeply( \@seen, ['begins'], 'held back' );
            $answer->resolve( 200, { id => 'c' } );
        }
    );
    until_true( sub { @seen == 3 } );
    is_deeply( \@seen, [qw(begins ends other)], 'then it runs' );
    $other->close;
};

case 'a blocking call does not hold up what stands behind it in the same tick' => sub {
    my $found;
    Mojo::IOLoop->next_tick( sub { $found = $library->wait_for( 'StasisStart', timeout => 2 ) } );
    Mojo::IOLoop->next_tick( sub { $server->send_events( about( 'c', 'StasisStart' ) ) } );
    until_true( sub { $found } );
    is( $found->type, 'StasisStart', 'found' );
};

case 'a handler that blocks and dies lets the others go on' => sub {
    my $seen = 0;
    $server->{answer} = sub { return 404, { message => 'gone' } };
    $library->add_event_handler(
        StasisStart => sub {
            $seen++;
            $library->get_channel('c');
        }
    );
    my @warnings = warnings_of(
        sub {
            $server->send_events( map { about( $_, 'StasisStart' ) } 1 .. 3 );
            read_all();
        }
    );
    is( $seen,                                           3, 'all ran' );
    is( scalar( grep { /failed: 404 gone/ } @warnings ), 3, 'all were reported' );
};

case 'the reader gets its turn while handlers have much to do' => sub {
    my $handled = 0;
    my $handled_when_read;
    $library->new_channel('c')->add_event_handler(
        ChannelVarset => sub {
            $handled++;
            Time::HiRes::sleep(0.002);
            return;
        }
    );
    $library->wait_for_p('StasisStart')->then( sub { $handled_when_read = $handled } );
    $server->send_events( map { numbered( 'c', $_ ) } 1 .. 200 );
    until_true( sub { $handled } );
    $server->send_events( about( 'd', 'StasisStart' ) );
    until_true( sub { $handled_when_read } );
    cmp_ok( $handled_when_read, '<', 100, 'read before the last handler ran' );
    until_true( sub { $handled == 200 } );
};

# The end of objects

case 'handlers of an object are dropped at its end, after the handlers of that end' => sub {
    my @seen;
    my $handler = sub { push @seen, $_[0]->type };
    my $bridge  = $library->new_bridge('b');
    $bridge->add_event_handler( Event => $handler );
    $server->send_events(
        { type => 'BridgeDestroyed', bridge => { id => 'b' } },
        { type => 'BridgeCreated',   bridge => { id => 'b' } },
    );
    read_all();
    is_deeply( \@seen, ['BridgeDestroyed'], 'dropped' );

    # The library did that; it is no mistake of the program.
    $bridge->remove_event_handler( Event => $handler );
};

case 'handlers of an object with a grace are dropped after it' => sub {
    my @seen;
    $library->new_channel('c')->add_event_handler( Event => sub { push @seen, $_[0]->type } );
    $server->send_events( about( 'c', 'StasisEnd' ) );
    read_all();
    $server->send_events( about( 'c', 'ChannelHangupRequest' ) );
    read_all();
    $server->{answer} = sub { return 404, { message => 'Channel not found' } };
    until_true(
        sub {
            grep { $_ eq 'GET /channels/c' } @{ $server->{requests} };
        }
    );
    turn(0.02);
    $server->send_events( about( 'c', 'ChannelVarset' ) );
    read_all();
    is_deeply( \@seen, [qw(StasisEnd ChannelHangupRequest)], 'dropped' );
};

case 'an object that the server still has keeps its handlers after the grace' => sub {
    my @seen;
    $library->new_channel('c')->add_event_handler( Event => sub { push @seen, $_[0]->type } );
    $server->send_events( about( 'c', 'StasisEnd' ), about( 'c', 'StasisStart' ) );
    $server->{answer} = sub { return 200, { id => 'c' } };
    until_true(
        sub {
            grep { $_ eq 'GET /channels/c' } @{ $server->{requests} };
        }
    );
    turn(0.02);
    $server->send_events( about( 'c', 'ChannelVarset' ) );
    read_all();
    is_deeply( \@seen, [qw(StasisEnd StasisStart ChannelVarset)], 'kept' );
};

case 'handlers that are added for a new object with the id of one that is over stay' => sub {
    my @seen;
    my $playback = $library->new_playback('p');
    $playback->add_event_handler(
        PlaybackFinished => sub {
            return sleep_p(0.01)->then(
                sub {
                    $playback->add_event_handler( PlaybackStarted => sub { push @seen, 'again' } );
                }
            );
        }
    );
    $server->send_events( map { { type => $_, playback => { id => 'p' } } }
          qw(PlaybackFinished PlaybackStarted) );
    until_true( sub { @seen == 1 } );
    is_deeply( \@seen, ['again'], 'called' );
};

case 'handlers that come too late go with the history' => sub {
    my $handler  = sub { };
    my $playback = $library->new_playback('p');
    $server->send_events( { type => 'PlaybackFinished', playback => { id => 'p' } } );
    read_all();
    $playback->add_event_handler( PlaybackFinished => $handler );
    turn(0.1);
    my @seen;
    $library->new_playback('p')->add_event_handler( PlaybackStarted => sub { push @seen, 1 } );
    my $stream = $library->event_stream;
    is( scalar( grep { /Playback/ } $stream->{handlers}->objects ),       1, 'only the new one' );
    is( scalar @{ $stream->{handlers}->table('AsteriskPl::Playback p') }, 1, 'has handlers' );
};

case 'an event that is held up still gets to the handlers of an object that ended meanwhile' =>
  sub {
    my @seen;
    my $gate = Mojo::Promise->new;
    $library->new_channel('c')->once( ChannelVarset => sub { return $gate } );
    $library->new_bridge('b')->add_event_handler( Event => sub { push @seen, $_[0]->type } );
    $server->send_events(
        numbered( 'c', 1 ),
        about( 'c', 'ChannelLeftBridge', bridge => { id => 'b' } ),
        { type => 'BridgeDestroyed', bridge => { id => 'b' } }
    );
    until_true( sub { @seen == 1 } );
    $gate->resolve;
    until_true( sub { @seen == 2 } );
    is_deeply( \@seen, [qw(BridgeDestroyed ChannelLeftBridge)], 'both' );
  };

case 'an object whose creation failed loses its handlers, unless it comes into being after all' =>
  sub {
    $library->close;
    $library = open_library( intervals => { history => 1 } );
    $library->connect;
    $server->{answer} = sub {
        my ( undef, $target ) = @_;
        return $target =~ m{\A/channels} ? 500 : 409, {};
    };
    my @seen;
    my %objects = map { $_ => $library->new_channel($_) } qw(lost late known living misspelt);
    $objects{b} = $library->new_bridge('b');
    for my $id ( sort keys %objects ) {
        $objects{$id}->add_event_handler( ChannelEnteredBridge => sub { push @seen, $id } );
    }
    $server->send_events( about('known') );
    read_all();

    for my $channel ( @objects{qw(lost late known)} ) {
        my $error = error_of( sub { await( $channel->originate_p( endpoint => 'Local/1' ) ) } );
        is( $error->status, 500, 'refused' );
    }
    is( error_of( sub { await( $objects{b}->create_p ) } )->status, 409, 'refused' );
    my $refused = error_of( sub { $objects{misspelt}->originate( endpont => 'Local/1' ) } );
    isa_ok( $refused, 'AsteriskPl::IllegalInputException' );

    # It was never to be made; that it is not there says nothing.
    ok( error_of( sub { await( $objects{living}->answer_p ) } ), 'refused' );
    $server->send_events( about('late') );

    # The server knows whether what was heard of is still there.
    $server->{answer} = sub { return 200, {} };
    my $stream = $library->event_stream;
    is( scalar( $stream->{handlers}->objects ), 6, 'not at once' );
    until_true( sub { !%{ $stream->{endings} } } );
    turn(0.02);
    my @left = map { s/.*[ ]//r } $stream->{handlers}->objects;
    is_deeply( [ sort @left ], [qw(known late living)], 'dropped' );

    for my $id (qw(lost late known living misspelt)) {
        $server->send_events( about( $id, 'ChannelEnteredBridge', bridge => { id => 'b' } ) );
    }
    read_all();
    is_deeply( \@seen, [qw(late known living)], 'and not called' );
  };

case 'a blocking call that fails to make an object tells of it too' => sub {
    my $channel = $library->new_channel('lost');
    $channel->add_event_handler( StasisStart => sub { } );
    my $stream = $library->event_stream;
    replaced(
        'AsteriskPl::Runtime::Blocking' => send_request => sub { die "no answer\n" },
        sub {
            my $error = error_of( sub { $channel->originate( endpoint => 'Local/1' ) } );
            is( $error, "no answer\n", 'the very error' );
            error_of( sub { $library->new_channel('nobody')->originate( endpoint => 'Local/1' ) } );
        }
    );
    is_deeply(
        [ keys %{ $stream->{endings} } ],
        ['AsteriskPl::Channel lost'],
        'its end is near, and no other'
    );
    until_true( sub { !$stream->{handlers}->objects } );
};

# Floods

case '20,000 events arrive, all and in order' => sub {
    my @seen;
    $library->add_event_handler( ChannelVarset => sub { push @seen, $_[0]->value; return } );
    $server->send_events( map { numbered( 'c', $_ ) } 0 .. 19_999 );
    until_true( sub { @seen == 20_000 } );
    is_deeply( \@seen, [ 0 .. 19_999 ], 'in order' );
};

case 'a long queue behind a promise is worked off in order' => sub {
    my @seen;
    $library->new_channel('c')->add_event_handler(
        ChannelVarset => sub {
            my ($event) = @_;
            return sleep_p(0)->then( sub { push @seen, $event->value } );
        }
    );
    $server->send_events( map { numbered( 'c', $_ ) } 0 .. 1999 );
    until_true( sub { @seen == 2000 } );
    is_deeply( \@seen, [ 0 .. 1999 ], 'in order' );
};

case 'objects that came and went leave nothing behind' => sub {
    my $handled = 0;
    $library->add_event_handler(
        StasisStart => sub {
            my ($event) = @_;
            my $channel = $event->channel;
            $channel->add_event_handler( ChannelDestroyed => sub { $handled++ } );
            $channel->add_event_handler( ChannelVarset    => sub { } );
        }
    );
    for my $n ( 1 .. 2000 ) {
        $server->send_events(
            about( "c$n", 'StasisStart' ),
            numbered( "c$n", $n ),
            about( "c$n", 'ChannelDestroyed' )
        );
        until_true( sub { $handled > $n - 500 } ) if $n % 500 == 0;
    }
    until_true( sub { $handled == 2000 } );
    turn(0.15);
    my $stream = $library->event_stream;
    is_deeply( [ $stream->{handlers}->objects ], [], 'no handlers' );
    is( $stream->{history}->size, 1, 'no past but that of the library' );
    is_deeply(
        [ map { scalar keys %{$_} } @{$stream}{qw(endings)}, $stream->{dispatcher}{queues} ],
        [ 0,                                                 0 ],
        'no ends, no queues'
    );
};

done_testing;
