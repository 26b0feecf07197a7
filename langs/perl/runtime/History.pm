package Library::Runtime::History;

# What happened to each object of late.
#
# wait_for reads it, so that it also finds what came before it was called: between the call that
# made an object and the line of the program that waits for it.

use strict;
use warnings;

use List::Util   ();
use Mojo::IOLoop ();

# The key of the library, which every event names.
use constant LIBRARY => q{};

# Events kept for each object and each type: a burst of one type must not displace the others.
my $KEPT = 64;

# Objects remembered at most. A server may tell of objects whose end it never tells.
my $REMEMBERED = 20_000;

# Types remembered at most, of each object: a server may invent types without end.
my $TYPES = 1000;

# The longest time that every reactor can take for a timer.
my $LONGEST = 2_000_000;

sub new {
    my ($class) = @_;
    return bless {
        pasts   => {},
        waiters => {},
        closed  => 'no events come before connect or run is called',
    }, $class;
}

# Takes note of an event that names these objects, and wakes who waits for it. An event is a
# list that begins with its number; see Events.
sub record {
    my ( $self, $type, $event, @keys ) = @_;
    my ( $pasts, $waiters ) = @{$self}{qw(pasts waiters)};
    my $number = $event->[0];
    for my $key (@keys) {
        my $past   = $pasts->{$key}        || $self->_new_past( $key, $number );
        my $events = $past->{types}{$type} || _new_type( $past->{types}, $type );
        $past->{last} = $number;

        # Cutting now and then is cheaper than moving the list for each event.
        splice @{$events}, 0, @{$events} - $KEPT if push( @{$events}, $event ) > 2 * $KEPT;
    }
    return if !%{$waiters};
    my @woken = grep { $_->{matches}->($type) } map { _in_order( $waiters->{$_} ) } @keys;
    $_->{look}->() for @woken;
    return;
}

sub _new_past {
    my ( $self, $key, $number ) = @_;
    my $pasts = $self->{pasts};
    $pasts->{$key} = { types => {}, last => $number };
    $self->_prune if keys %{$pasts} > $REMEMBERED;
    return $pasts->{$key};
}

# The number of the newest event of an object, if it has one.
sub last_of {
    my ( $self, $key ) = @_;
    my $past = $self->{pasts}{$key};
    return $past ? $past->{last} : undef;
}

# The event of that number ends the object, if none came after it: ends every wait for it, and
# those to come.
sub end {
    my ( $self, $key, $number ) = @_;
    my $past = $self->{pasts}{$key} or return;
    return if $past->{last} != $number;
    $past->{over} = $number;
    $_->{look}->() for _in_order( $self->{waiters}{$key} );
    return;
}

# Drops the events of an object that is over, and ends every wait for it.
sub forget {
    my ( $self, $key ) = @_;
    delete $self->{pasts}{$key};
    $_->{give_up}->() for _in_order( $self->{waiters}{$key} );
    return;
}

# How many objects are remembered.
sub size {
    my ($self) = @_;
    return scalar keys %{ $self->{pasts} };
}

# Events will come: waiting makes sense.
sub open_up {
    my ($self) = @_;
    $self->{closed} = undef;
    return;
}

# Ends every wait, and those to come: no event will come any more, for this reason.
sub close_down {
    my ( $self, $reason ) = @_;
    $self->{closed} = $reason;
    my @woken = map { _in_order($_) } values %{ $self->{waiters} };
    $_->{look}->() for @woken;
    return;
}

# Calls back with the first event that is newer than `since` and than those found before:
# $done->($event, $reason, $over). Without an event the reason says why none can come; $over is
# true if that is because the object is over; without all three, none came in time.
#
# wanted: name, the one it was asked for by; matches, whether a type is meant; since, the newest
# event that is too old; seen, the newest that was found for each name; timeout, in seconds.
# Gives what ends the waiting without a call.
sub wait_for {
    my ( $self, $key, $wanted, $done ) = @_;
    my ( $name, $seen ) = @{$wanted}{qw(name seen)};
    my $waiters = $self->{waiters}{$key} ||= {};
    my $number  = ++$self->{waited};
    my $timer;
    my $leave = sub {
        Mojo::IOLoop->remove($timer) if $timer;
        delete $waiters->{$number} or return 0;
        delete $self->{waiters}{$key} if !%{$waiters};
        return 1;
    };
    my $waiter = $waiters->{$number} = {
        matches => $wanted->{matches},
        look    => sub {
            my $after = List::Util::max( $wanted->{since}, $seen->{$name} || 0 );
            my $found = $self->_find( $key, $wanted->{matches}, $after );
            if ($found) {
                $seen->{$name} = $found->[0];
                $done->($found) if $leave->();
            }
            elsif ( defined $self->{closed} ) {
                my $reason = $self->{closed};
                $done->( undef, $reason ) if $leave->();
            }
            elsif ( $self->_is_over( $key, $wanted->{since} ) ) {
                $done->( undef, undef, 1 ) if $leave->();
            }
        },
        give_up => sub { $done->( undef, undef, 1 ) if $leave->() },
    };
    if ( $wanted->{timeout} < $LONGEST ) {
        $timer = Mojo::IOLoop->timer( $wanted->{timeout} => sub { $done->() if $leave->() } );
    }
    $waiter->{look}->();
    return $leave;
}

# Who began to wait first is served first.
sub _in_order {
    my ($waiters) = @_;
    return if !$waiters;
    return map { $waiters->{$_} } sort { $a <=> $b } keys %{$waiters};
}

# Whether an object that was there at event number `since` is over.
sub _is_over {
    my ( $self, $key, $since ) = @_;
    my $past = $self->{pasts}{$key} or return 0;

    # Whoever was heard of again is there again, and what was made after the end is a new object
    # with the same id.
    return $past->{last} == ( $past->{over} // 0 ) && $past->{last} > $since;
}

sub _find {
    my ( $self, $key, $matches, $after ) = @_;
    my $past = $self->{pasts}{$key};
    return if !$past || $past->{last} <= $after;
    my $best;
    for my $type ( keys %{ $past->{types} } ) {
        next if !$matches->($type);
        my $event = List::Util::first { $_->[0] > $after } @{ $past->{types}{$type} };
        $best = $event if $event && ( !$best || $event->[0] < $best->[0] );
    }
    return $best;
}

# The list of a type that is new to an object; the one that was silent the longest makes room.
sub _new_type {
    my ( $types, $type ) = @_;
    if ( keys %{$types} >= $TYPES ) {
        my ($oldest) = List::Util::reduce {
            $types->{$a}[-1][0] < $types->{$b}[-1][0] ? $a : $b
        }
        keys %{$types};
        delete $types->{$oldest};
    }
    return $types->{$type} = [];
}

# Forgets the quarter of the objects that was silent the longest.
sub _prune {
    my ($self) = @_;
    my $pasts = $self->{pasts};
    my @keys =
      sort { $pasts->{$a}{last} <=> $pasts->{$b}{last} } grep { $_ ne LIBRARY } keys %{$pasts};
    delete @{$pasts}{ @keys[ 0 .. $#keys / 4 ] };
    return;
}

1;
