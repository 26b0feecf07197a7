package Library::Runtime::Loop;

# Turning the event loop until something has happened, for calls that block.

use strict;
use warnings;

use Mojo::IOLoop ();

# How many handlers, and blocking calls inside the loop, are under way.
our $busy = 0;

# What wanted to start meanwhile.
my @waiting;

# Turns the loop until $done->() is true.
#
# Inside the loop, that is in a handler, a timer or a promise's callback, this is a loop within
# a loop: whatever would block in its turn would keep this one from returning. So frames are
# read and answers arrive, but no handler starts.
sub turn_until {
    my ($done) = @_;
    return                    if $done->();
    return serve_until($done) if !Mojo::IOLoop->is_running;

    # A reactor runs what was put off to the next tick in one go. If this is one of them, those
    # behind it would wait for it, and it may be waiting for them; another one takes them along.
    Mojo::IOLoop->next_tick( sub { } );
    alone( sub { serve_until($done) } );
    return;
}

# Turns the loop until $done->() is true, and lets handlers run.
sub serve_until {
    my ($done) = @_;

    # The loop itself refuses to run within a loop; its reactor does not.
    my $reactor = Mojo::IOLoop->singleton->reactor;
    $reactor->one_tick until $done->();
    return;
}

# Runs something during which no handler starts.
sub alone {
    my ($action) = @_;
    my $succeeded;
    {
        local $busy = $busy + 1;
        $succeeded = eval { $action->(); 1 };
    }
    my $error = $@;
    Mojo::IOLoop->next_tick($_) for $busy ? () : splice @waiting;
    die $error if !$succeeded;
    return;
}

# Runs something as soon as no handler is under way; whether that has to be waited for.
sub wait_if_busy {
    my ($action) = @_;
    return 0 if !$busy;
    push @waiting, $action;
    return 1;
}

1;
