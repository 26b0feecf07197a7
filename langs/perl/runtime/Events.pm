package Library::Runtime::Events;

# Events: from the WebSocket to the program's handlers.
#
# What is read goes into the history, for wait_for, and into the queues of the dispatcher, for
# handlers.

use strict;
use warnings;

use Encode        ();
use List::Util    ();
use Mojo::IOLoop  ();
use Mojo::JSON    ();
use Mojo::Promise ();
use Mojo::Util    ();
use Scalar::Util  ();
use Time::HiRes   ();

use Library::Exceptions               ();
use Library::Runtime::ConnectionEvent ();
use Library::Runtime::Dispatch        ();
use Library::Runtime::Entity          ();
use Library::Runtime::Handlers        ();
use Library::Runtime::History         ();
use Library::Runtime::Loop            ();

use constant LIBRARY => Library::Runtime::History::LIBRARY();

# How long things take, in seconds. backoff: the longest first delay of a reconnection, and the
# longest of all. good: a connection that was up for so long was a good one, the next loss
# starts with a short delay again. history: so long the history of an object outlives it, so
# that wait_for still finds its end. sweep: so often it is looked for objects to forget. grace:
# takes the place of each grace that the API's facts give an object after its end.
my %INTERVALS = (
    backoff => [ 0.5, 30 ],
    good    => 10,
    history => 60,
    sweep   => 5,
    grace   => undef,
);

# The events of the library itself.
my @OWN_EVENTS = qw(ConnectionLost ConnectionRestored ConnectionReplaced);

# The queue of what the library itself has to tell.
my $TELLING = 'ConnectionLost';

# An event on its way: its number, its type and what it was made of. The history keeps these three,
# and there it is the text that came, which takes the least room (or, of the library's own, the event
# itself). Until it is handled it is the text's JSON; and there are also the text, the objects that it
# names, the handlers that they had when it came and the newest of all handlers then; while it is
# handled, the program's event, the calls that are to be made and the place of the next one.
use constant {
    NUMBER => 0,
    TYPE   => 1,
    DATA   => 2,
    TEXT   => 3,
    KEYS   => 4,
    TABLES => 5,
    NEWEST => 6,
    EVENT  => 7,
    CALLS  => 8,
    NEXT   => 9
};

# $facts: how the API tells of events, see the event table. The owner is what the stream asks of
# its library: applications: the names under which the program receives events. connect: opens a
# connection; see Connector. make_event: makes the program's event of a message and its number.
# on_reconnected: puts back what a new connection does not have; a promise. exists: whether the
# server still has an object; a promise. report: tells the program what went wrong where nobody
# waits for it. intervals: other times than those above.
sub new {
    my ( $class, $facts, %owner ) = @_;
    my $self = bless {
        %owner,
        facts     => $facts,
        intervals => { %INTERVALS, %{ $owner{intervals} || {} } },
        handlers  => Library::Runtime::Handlers->new,
        history   => Library::Runtime::History->new,
        names     => {},
        objects   => {},
        ends      => {},
        endings   => {},
        leaving   => {},
        warned    => {},
        sequence  => 0,
        state     => 'closed',
    }, $class;
    $self->{tables}     = $self->{handlers}->tables;
    $self->{known}      = { table => 0 };
    $self->{dispatcher} = Library::Runtime::Dispatch->new( $self, \&_handle );
    $self->_learn;
    return $self;
}

# Brings the facts into the form in which they are needed for each event.
sub _learn {
    my ($self) = @_;
    my $facts = $self->{facts};
    for my $type ( keys %{ $facts->{parents} } ) {
        $self->{names}{$type} = { map { $_ => 1 } $type, @{ $facts->{parents}{$type} } };
    }
    $self->{names}{$_} = { $_ => 1 } for @OWN_EVENTS;
    my $row = sub {
        my ( $path, $model, @more ) = @_;
        return [ [ split /[.]/, $path ], "Library::$model", $facts->{ids}{$model}, @more ];
    };
    for my $type ( keys %{ $facts->{objects} } ) {
        my @flat = @{ $facts->{objects}{$type} };
        while ( my @named = splice @flat, 0, 2 ) {
            push @{ $self->{objects}{$type} }, $row->(@named);
        }
    }
    for my $type ( keys %{ $facts->{ends} } ) {
        my %named = @{ $facts->{objects}{$type} };
        my @flat  = @{ $facts->{ends}{$type} };
        while ( my ( $path, $grace ) = splice @flat, 0, 2 ) {
            $grace = $self->{intervals}{grace} // $grace if $grace;
            push @{ $self->{ends}{$type} }, $row->( $path, $named{$path}, $grace );
        }
    }
    return;
}

# closed, connecting, connected, reconnecting or replaced.
sub state {
    my ($self) = @_;
    return $self->{state};
}

# The number of the newest event read.
sub sequence {
    my ($self) = @_;
    return $self->{sequence};
}

# Registers a handler for an object or the library.
sub add {
    my ( $self, $key, $event, $handler, $once ) = @_;
    _check_handler( $event, $handler );
    $self->_check_name($event);
    $self->{handlers}->add( $key, $event, $handler, $once );
    return;
}

# Takes a handler away.
sub remove {
    my ( $self, $key, $event, $handler ) = @_;
    _check_handler( $event, $handler );
    return if $self->{handlers}->remove( $key, $event // q{}, $handler );

    # The handlers of an object that is over have been dropped.
    my $dropped = !defined $self->{history}->last_of($key) || $self->{endings}{$key};
    return if $key ne LIBRARY && $dropped;
    return Library::IllegalInputException->throw(
"this handler is not registered for $event: it never was, it was removed before, or it was to run"
          . ' once and did' );
}

# The first such event after number `since`, by a callback that gets it or an error. Gives what
# ends the waiting.
sub wait_for {
    my ( $self, $key, $event, $options, $done ) = @_;
    $self->_check_name($event);
    my $timeout = $options->{timeout} // 60;
    if ( ref $timeout || !Scalar::Util::looks_like_number($timeout) || !( $timeout >= 0 ) ) {
        Library::IllegalInputException->throw("timeout is $timeout: a number of seconds is wanted");
    }
    my $what   = $key eq LIBRARY ? $event : "$event of " . $key =~ s/\A[\w:]*:://r;
    my %wanted = (
        name    => $event,
        matches => sub { $self->_is_called( $_[0], $event ) },
        since   => $options->{since},
        seen    => $options->{seen},
        timeout => $timeout,
    );
    return $self->{history}->wait_for(
        $key,
        \%wanted,
        sub {
            my ( $found, $reason, $over ) = @_;
            my $made = $found && eval { $self->_made($found) };
            my $error =
              $found ? $@
              : defined $reason
              ? Library::ConnectionFailedException->new("waited for $what in vain: $reason")
              : $over ? Library::IllegalStateException->new(
                "waited for $what in vain: the object has ended")
              : Library::TimeoutException->new("no $what came within $timeout s");
            $done->( $made, $made ? undef : $error );
        }
    );
}

# Drops an object's handlers in a while, unless an event names it until then: it should have come
# into being and did not. Not at once, since a program may try again, and a call that got no
# answer may have succeeded.
sub expect_end {
    my ( $self, $key ) = @_;

    # What was heard of exists, whatever a further attempt to make it came to.
    return if defined $self->{history}->last_of($key) || !$self->{tables}{$key};
    $self->{endings}{$key} = {
        number => $self->{sequence},
        at     => Mojo::Util::steady_time() + $self->{intervals}{history},
    };
    return;
}

# Opens the connection, and turns the loop until it is up.
sub connect {
    my ($self) = @_;
    my $up = $self->_running->{up};
    Library::Runtime::Loop::turn_until( sub { $up->{settled} } );
    die $up->{error} if $up->{error};
    return;
}

# The same with a promise.
sub connect_p {
    my ($self) = @_;
    return $self->_running->{up}{promise}->then( sub { return } );
}

# Connects if need be, and serves until it is stopped.
sub run {
    my ($self) = @_;
    my $session = $self->_running;

    # Some reactors look at Perl's signals only when they run something.
    my $pulse  = Mojo::IOLoop->recurring( 0.25 => sub { } );
    my $served = eval {
        Library::Runtime::Loop::serve_until( sub { $session->{ended} } );
        1;
    };
    my $error = $@;
    Mojo::IOLoop->remove($pulse);
    die $error            if !$served;
    die $session->{error} if $session->{error};
    return;
}

# Closes the connection; events that wait in queues are dropped.
sub stop {
    my ( $self, $flush ) = @_;
    my $session = $self->{session};
    $self->_end( $session, 'closed', 'the library was stopped', undef, $flush ) if $session;

    # The objects end even if nobody handles the events that say so.
    $self->_finish($_) for $self->{dispatcher}->clear;
    return;
}

# Connecting

sub _running {
    my ($self) = @_;
    my $facts = $self->{facts};
    if ( $facts->{application} && !@{ $self->{applications} } ) {
        Library::IllegalInputException->throw(
            'no application is named, so no event would come: give the library the name of one, '
              . "$facts->{application} => 'my-application'" );
    }
    my $session = $self->{session};

    # In a child of a fork, the connection is still the parent's.
    if ( $session && $session->{pid} != $$ ) {
        $self->_end( $session, 'closed', 'the process has forked' );
        undef $session;
    }
    return $session if $session;
    $session = $self->{session} = { attempts => 0, replaced => {}, pid => $$ };
    _expect_up($session);
    $self->{state} = 'connecting';
    $self->{history}->open_up;
    $session->{sweep} =
      Mojo::IOLoop->recurring( $self->{intervals}{sweep} => sub { $self->_forget_due } );
    $self->_open( $session,
        sub { my ($error) = @_; $self->_end( $session, 'closed', $error->message, $error ) } );
    return $session;
}

# Opens a connection; $failed is called with the error if there is none.
sub _open {
    my ( $self, $session, $failed, $succeeded ) = @_;
    my %callbacks = (
        on_message => $self->_reader($session),

        # Before it is taken for connected, its loss is a failure to connect.
        on_lost => sub { $self->_lost( $session, $_[0] ) if $session->{connection} },
    );
    my @applications = grep { !$session->{replaced}{$_} } @{ $self->{applications} };
    my $cancel       = eval {
        $self->{connect}->(
            \@applications,
            \%callbacks,
            sub {
                my ( $connection, $error ) = @_;
                delete $session->{cancel};
                return $failed->($error) if $error;
                $session->{connection} = $connection;
                $session->{since}      = Mojo::Util::steady_time();
                $self->{state}         = 'connected';
                _settle_up($session);
                $succeeded->($connection) if $succeeded;
                return;
            }
        );
    };
    if ($cancel) { $session->{cancel} = $cancel }
    else         { $failed->($@) }
    return;
}

sub _end {
    my ( $self, $session, $state, $reason, $error, $flush ) = @_;
    return if !$self->{session} || $self->{session} != $session;
    delete $self->{session};
    $self->{state} = $state;
    Mojo::IOLoop->remove($_) for grep { defined } delete @{$session}{qw(sweep pause)};
    if ( my $cancel     = delete $session->{cancel} )     { $cancel->() }
    if ( my $connection = delete $session->{connection} ) { $connection->close_down($flush) }
    $self->{history}->close_down($reason);
    $session->{ended} = 1;

    # To be stopped is the way in which it ends, also while it connects.
    $session->{error} = $error;
    _settle_up( $session, $error || Library::ConnectionFailedException->new($reason) );
    return;
}

sub _lost {
    my ( $self, $session, $reason ) = @_;
    return if !$self->{session} || $self->{session} != $session;
    my $connection = delete $session->{connection};
    $session->{missed_from} //= $connection->heard;
    my $lasted = Mojo::Util::steady_time() - $session->{since};
    $session->{attempts} = 0 if $lasted >= $self->{intervals}{good};
    $self->{state}       = 'reconnecting';
    _expect_up($session);
    $self->_tell( ConnectionLost => ( since => $connection->heard, reason => $reason ) );
    $self->_reconnect($session);
    return;
}

sub _reconnect {
    my ( $self,  $session ) = @_;
    my ( $first, $longest ) = @{ $self->{intervals}{backoff} };

    # Anything up to the limit: many clients of one server must not come back as one.
    my $limit =
      List::Util::min( $longest, $first * 2**List::Util::min( $session->{attempts}, 30 ) );
    $session->{attempts}++;
    $self->_pause(
        $session,
        rand $limit,
        sub {
            # A server that is away says so in many ways; the program has been told, and it is
            # tried again.
            $self->_open(
                $session,
                sub { $self->_reconnect($session) },
                sub { $self->_restore( $session, $_[0], $first ) },
            );
        }
    );
    return;
}

# Goes on after a pause, unless the session ends.
sub _pause {
    my ( $self, $session, $seconds, $go_on ) = @_;
    $session->{pause} = Mojo::IOLoop->timer(
        $seconds => sub {
            delete $session->{pause};
            $go_on->();
        }
    );
    return;
}

# Puts back what the new connection lacks, then tells the program.
sub _restore {
    my ( $self, $session, $connection, $delay ) = @_;
    return if !$self->_is_up( $session, $connection );
    my $restored = sub { $self->_restored( $session, $connection ); return };
    $self->{on_reconnected}->()->then(
        $restored,
        sub {
            my ($error) = @_;
            return if !$self->_is_up( $session, $connection );

            # Who refuses now refuses again; who did not answer may do so later.
            my $status = _is_exception($error) ? $error->status // 500 : 0;
            if ( $status < 500 ) {
                $self->{report}->( 'what was subscribed to could not be put back', $error );
                $restored->();
                return;
            }
            my $next = List::Util::min( 2 * $delay, $self->{intervals}{backoff}[1] );
            $self->_pause( $session, $delay,
                sub { $self->_restore( $session, $connection, $next ) } );
            return;
        }
    );
    return;
}

sub _restored {
    my ( $self, $session, $connection ) = @_;
    my $is_up = sub { return $self->_is_up( $session, $connection ) };

    # An object that no event has named may not have begun yet.
    my @heard_of = grep { defined $self->{history}->last_of($_) } $self->{handlers}->objects;
    $self->_drop_vanished( \@heard_of, $is_up )->then(
        sub {
            return if !$is_up->();
            my $missed_from = delete $session->{missed_from};
            $self->_tell(
                ConnectionRestored => (
                    missed_from => $missed_from,
                    missed_to   => Time::HiRes::time(),
                )
            );
            return;
        }
    );
    return;
}

sub _is_up {
    my ( $self, $session, $connection ) = @_;
    return
         $self->{session}
      && $self->{session} == $session
      && $session->{connection}
      && $session->{connection} == $connection;
}

# Forgets those objects that the server has no more, one after the other: a server takes so many
# connections and no more.
sub _drop_vanished {
    my ( $self, $keys, $goes_on ) = @_;
    return Mojo::Promise->resolve if !@{$keys} || !$goes_on->();
    my ( $key, @others ) = @{$keys};
    return $self->{exists}->($key)->then(
        sub {
            my ($there) = @_;
            $self->_forget($key) if !$there;
            return;
        },
        sub { return },
    )->then( sub { return $self->_drop_vanished( \@others, $goes_on ) } );
}

# Reading

# What takes the texts of a session, as bytes. This runs for each of many events.
sub _reader {
    my ( $self, $session )                  = @_;
    my ( $objects, $ends, $tables )         = @{$self}{qw(objects ends tables)};
    my ( $history, $dispatcher, $handlers ) = @{$self}{qw(history dispatcher handlers)};
    my ( $discriminator, $replaced )        = @{ $self->{facts} }{qw(discriminator replaced)};
    return sub {
        my ($bytes) = @_;
        my $data = eval { Mojo::JSON::decode_json($bytes) } // $self->_decode_leniently($bytes);
        return if ref $data ne 'HASH';
        my $number = ++$self->{sequence};
        my $type   = $data->{$discriminator};
        $type = q{} if !defined $type || ref $type;
        my ( @keys, $handled );
        for my $row ( $objects->{$type} ? @{ $objects->{$type} } : () ) {
            my ( $path, $model, $ids ) = @{$row};
            my $object = $data->{ $path->[0] } or next;

            # What most objects have, an id that is written as it is, needs no further look.
            my $id = ref $object eq 'HASH' && $object->{ $ids->[0] };
            my $key =
              $id && !ref $id && @{$ids} == 1 && @{$path} == 1 && !( $id =~ tr{ %/}{} )
              ? "$model $id"
              : _key_at( $data, $row ) // next;
            next if @keys && grep { $_ eq $key } @keys;
            push @keys, $key;
            $handled ||= $tables->{$key};
        }
        my $item = [ $number, $type, $data, $bytes, \@keys ];

        # An object that ends later keeps the handlers of its own last event.
        $item->[TABLES] = [ @{$tables}{@keys} ] if $handled;
        $item->[NEWEST] = $handlers->newest     if $ends->{$type};
        $history->record( $type, $item, LIBRARY, @keys );
        $self->_end_waits($item) if $ends->{$type};
        $dispatcher->submit( @keys ? $keys[0] : LIBRARY, $item );
        $self->_take_replaced( $data, $session ) if defined $replaced && $type eq $replaced;
        return;
    };
}

# A letter in a foreign encoding shall not cost the program its event.
sub _decode_leniently {
    my ( $self, $bytes ) = @_;
    my $text = Encode::decode( 'UTF-8', $bytes );
    my $data = eval { Mojo::JSON::from_json($text) };
    $self->{report}->( 'a message is skipped, it is not JSON', $@ ) if $@;
    return $data;
}

sub _take_replaced {
    my ( $self, $data, $session ) = @_;
    my %values   = map { $_ => 1 } grep { defined && !ref } values %{$data};
    my @all      = @{ $self->{applications} };
    my @named    = grep { $values{$_} } @all;
    my $replaced = $session->{replaced};
    $replaced->{$_} = 1 for @named ? @named : @all;
    return if keys %{$replaced} < @all;
    $self->_tell( ConnectionReplaced => ( applications => \@all ) );
    my $error =
      Library::ConnectionFailedException->new( 'another program has connected for '
          . join( ', ', @all )
          . ' and gets the events from now on: only one at a time can.'
          . ' Stop the other one, or give one of the two a name of its own' );
    $self->_end( $session, 'replaced', $error->message, $error );
    return;
}

# Whether events of a type go by a name.
sub _is_called {
    my ( $self, $type, $name ) = @_;
    my $names = $self->{names}{$type};
    return $names->{$name} if $names;
    return $name eq $type || $self->{names}{ $self->{facts}{base} }{$name};
}

# What the program gets of an event that the history has.
sub _made {
    my ( $self, $item ) = @_;
    my $data = $item->[DATA];
    if ( !ref $data ) {
        $data = eval { Mojo::JSON::decode_json($data) } // $self->_decode_leniently($data);
    }
    return $data if ref $data ne 'HASH';
    return $self->{make_event}->( $data, $item->[NUMBER] );
}

# Handling

# Calls the handlers of an event; gives a promise if one of them has to be waited for, before it
# is called again for the others.
sub _handle {
    my ( $self, $item ) = @_;
    my $calls = $item->[CALLS] || $self->_calls($item);
    my $next  = $item->[NEXT]  || 0;
    while ( $next < @{$calls} ) {
        my ( $key, $registration ) = @{$calls}[ $next, $next + 1 ];
        $next += 2;
        next                                               if $registration->{removed};
        $self->{handlers}->take_out( $key, $registration ) if $registration->{once};
        my $given;
        my $done = eval {
            my $event = $item->[EVENT] ||= $self->{make_event}->( @{$item}[ DATA, NUMBER ] );
            $given = $registration->{handler}->($event);
            1;
        };
        if ( !$done ) {
            $self->_failed( $item, $@ );
        }
        elsif ( ref $given && Scalar::Util::blessed($given) && $given->can('then') ) {
            @{$item}[ CALLS, NEXT ] = ( $calls, $next );
            return Mojo::Promise->resolve($given)
              ->catch( sub { $self->_failed( $item, $_[0] ); return } );
        }
    }

    # Most events end nothing; what they carried is let go of as _finish does.
    if   ( $self->{ends}{ $item->[TYPE] } ) { $self->_finish($item) }
    else                                    { _leave_text($item) }
    return;
}

sub _failed {
    my ( $self, $item, $error ) = @_;
    $self->{report}->( "a handler for $item->[TYPE] failed", $error );
    return;
}

# The handlers that an event is for, each behind its key: those of the library, then those of
# the objects.
sub _calls {
    my ( $self, $item ) = @_;
    my ( $number, $type, $keys, $then ) = @{$item}[ NUMBER, TYPE, KEYS, TABLES ];
    my $tables = $self->{tables};
    my $known  = $self->{known};
    my $table  = $tables->{ +LIBRARY };
    my $same   = $table && $known->{table} == $table;
    my $calls  = $same  && $known->{calls}{$type} || $self->_calls_of_library($type);
    my @calls;

    for my $place ( 0 .. $#{$keys} ) {
        my $key = $keys->[$place];
        $table = $tables->{$key};

        # The object may have got handlers since the event came; if it is over, and the event
        # was held up in another object's queue, it has those of that time.
        if ( !$table ) {
            $table = $then && $then->[$place];
            next if !$table;
            my $ending = $self->{endings}{$key};
            next if $ending && $ending->{number} < $number;
        }
        push @calls, map { ( $key, $_ ) } grep { $self->_is_called( $type, $_->{name} ) } @{$table};
    }
    return @calls ? [ @{$calls}, @calls ] : $calls;
}

# The same of the library alone, whose table is asked for again and again. It is kept as long as
# that is the table.
sub _calls_of_library {
    my ( $self, $type ) = @_;
    my $table = $self->{tables}{ +LIBRARY } or return [];
    my @calls = map { ( LIBRARY, $_ ) } grep { $self->_is_called( $type, $_->{name} ) } @{$table};
    $self->{known} = { table => $table, calls => {} } if $self->{known}{table} != $table;

    # A server may invent types without end.
    $self->{known}{calls}{$type} = \@calls if $self->{names}{$type};
    return \@calls;
}

sub _tell {
    my ( $self, $type, %members ) = @_;
    my $event = Library::Runtime::ConnectionEvent->new( $type, %members );
    my $item  = [ ++$self->{sequence}, $type, $event, $event, [] ];
    $item->[EVENT] = $event;
    $self->{history}->record( $type, $item, LIBRARY );
    $self->{dispatcher}->submit( $TELLING, $item );
    return;
}

# The history goes on keeping the event, and must not keep the library and its handlers alive.
sub _leave_text {
    my ($item) = @_;
    $item->[DATA] = $item->[TEXT];
    $#{$item} = DATA;
    return;
}

# The end of objects

# Nothing more is to be waited for; unlike _finish, whatever handlers are at: one of them may be
# what waits.
sub _end_waits {
    my ( $self, $item ) = @_;
    my ( $number, $type, $data ) = @{$item}[ NUMBER, TYPE, DATA ];
    for my $row ( @{ $self->{ends}{$type} } ) {
        my $key = _key_at( $data, $row ) // next;
        if ( my $grace = $row->[-1] ) {
            $self->{leaving}{$key} =
              { number => $number, at => Mojo::Util::steady_time() + $grace };
        }
        else { $self->{history}->end( $key, $number ) }
    }
    return;
}

# An event has been handled: what it ended is over.
sub _finish {
    my ( $self, $item ) = @_;
    my ( $number, $type, $data, $newest ) = @{$item}[ NUMBER, TYPE, DATA, NEWEST ];

    _leave_text($item);
    my $ends = $self->{ends}{$type};
    return if !$ends;
    for my $row ( @{$ends} ) {
        my $grace = $row->[-1];
        my $key   = _key_at( $data, $row ) // next;

        # Of an object that is over, only the past stays for a while. Handlers that came after
        # its end may be for a new object with the same id; they go if that stays silent.
        $self->{handlers}->drop( $key, $newest ) if !$grace;
        $self->{endings}{$key} = {
            number => $number,
            at     => Mojo::Util::steady_time() + ( $grace || $self->{intervals}{history} ),
        };
    }
    return;
}

sub _forget_due {
    my ($self)  = @_;
    my $now     = Mojo::Util::steady_time();
    my $endings = $self->{endings};
    my $leaving = $self->{leaving};
    for my $key ( grep { $leaving->{$_}{at} <= $now } keys %{$leaving} ) {
        $self->{history}->end( $key, delete( $leaving->{$key} )->{number} );
    }
    my @doubtful;
    for my $key ( grep { $endings->{$_}{at} <= $now } keys %{$endings} ) {
        my $ending = delete $endings->{$key};

        # One that was heard of again: the server knows whether it still is.
        if ( ( $self->{history}->last_of($key) // 0 ) <= $ending->{number} ) {
            $self->_forget($key);
        }
        else { push @doubtful, $key }
    }
    return if !@doubtful;
    my $before = $self->{asking} || Mojo::Promise->resolve;
    $self->{asking} = $before->then(
        sub {
            return $self->_drop_vanished( \@doubtful, sub { return 1 } );
        }
    );
    return;
}

sub _forget {
    my ( $self, $key ) = @_;
    $self->{handlers}->drop($key);
    $self->{history}->forget($key);
    delete $self->{endings}{$key};
    return;
}

sub _check_handler {
    my ( $event, $handler ) = @_;
    return if ref $handler eq 'CODE';
    $event //= 'undef';
    return Library::IllegalInputException->throw("the handler for $event is no code reference");
}

# Warns of an event that the documents do not know: most likely it is misspelt.
sub _check_name {
    my ( $self, $event ) = @_;
    if ( !defined $event || ref $event || $event eq q{} ) {
        Library::IllegalInputException->throw(
            'an event is named by its name, which is missing here');
    }
    return if $self->{names}{$event} || $self->{warned}{$event}++;
    my $close = List::Util::first { lc eq lc $event || _distance( $_, $event ) <= 2 }
    sort keys %{ $self->{names} };
    my $hint = $close ? " Did you mean $close?" : q{};
    warn "no event is called $event in this version of the API.$hint\n";
    return;
}

# The identity of the object that a row of the tables speaks of, if a message has it.
sub _key_at {
    my ( $value, $row ) = @_;
    my ( $path, $model, $ids ) = @{$row};
    for my $name ( @{$path} ) {
        return if ref $value ne 'HASH';
        $value = $value->{$name};
    }
    return if ref $value ne 'HASH';
    my @found = @{$value}{ @{$ids} };

    # Whatever else a server sends as an id names nothing.
    for my $id (@found) {
        return if !defined $id || ref $id || $id eq q{};
    }
    return Library::Runtime::Entity::key_text( $model, @found );
}

# From now on, who asks waits until the session is up.
sub _expect_up {
    my ($session) = @_;
    my $promise = Mojo::Promise->new;

    # Who does not ask is not to be bothered with the answer.
    $promise->catch( sub { } );
    $session->{up} = { promise => $promise };
    return;
}

# The session is up, or will not be.
sub _settle_up {
    my ( $session, $error ) = @_;
    my $up = $session->{up};
    return if $up->{settled};
    $up->{settled} = 1;
    $up->{error}   = $error;
    if   ($error) { $up->{promise}->reject($error) }
    else          { $up->{promise}->resolve }
    return;
}

sub _is_exception {
    my ($error) = @_;
    return Scalar::Util::blessed($error) && $error->isa('Library::Runtime::Exception');
}

# How many letters must be changed to make one word of the other.
sub _distance {
    my ( $one, $other ) = @_;
    my @row = 0 .. length $other;
    for my $i ( 1 .. length $one ) {
        my @next = ($i);
        for my $j ( 1 .. length $other ) {
            my $same = substr( $one, $i - 1, 1 ) eq substr( $other, $j - 1, 1 ) ? 0 : 1;
            push @next, List::Util::min( $next[-1] + 1, $row[$j] + 1, $row[ $j - 1 ] + $same );
        }
        @row = @next;
    }
    return $row[-1];
}

1;
