package Library::Runtime::Dispatch;

# The queues that handlers run in: in order, one at a time for each object.

use strict;
use warnings;

use Mojo::IOLoop ();
use Mojo::Util   ();

use Library::Runtime::Loop ();

# Seconds for which handlers may run before the reader gets its turn.
my $TURN = 0.01;

# Runs items: those of one key in order, and none before what the one before it gave has settled. $run->($item) runs
# an item; it must not die. It gives nothing when the item is done, else what to wait for before it is run again to go on.
sub new {
    my ( $class, $run ) = @_;
    return bless {
        run => $run,

        # (key, item) in the order of arrival, so that what need not wait happens in that order.
        arrived => [],

        # Key -> the current item and those waiting behind it, for the keys whose items have to wait.
        queues => {},

        # Keys whose queue may go on.
        ready     => [],
        scheduled => 0,
    }, $class;
}

# Runs an item when those before it in its queue are done.
sub submit {
    my ( $self, $key, $item ) = @_;
    push @{ $self->{arrived} }, $key, $item;
    $self->_schedule if !$self->{scheduled};
    return;
}

# Drops the items that have not begun, and gives them.
sub clear {
    my ($self)  = @_;
    my $arrived = $self->{arrived};
    my @dropped = map { splice @{ $_->{waiting} } } values %{ $self->{queues} };
    push @dropped, @{$arrived}[ grep { $_ % 2 } 0 .. $#{$arrived} ];
    @{$arrived} = ();
    return @dropped;
}

sub _schedule {
    my ($self) = @_;
    $self->{scheduled} = 1;

    # No next_tick: that runs what is put off meanwhile before the reader has its turn.
    Mojo::IOLoop->timer( 0 => sub { $self->_turn } );
    return;
}

sub _turn {
    my ($self) = @_;
    return if Library::Runtime::Loop::wait_if_busy( sub { $self->_turn } );
    Library::Runtime::Loop::alone( sub { $self->_work } );
    if   ( @{ $self->{arrived} } || @{ $self->{ready} } ) { $self->_schedule }
    else                                                   { $self->{scheduled} = 0 }
    return;
}

sub _work {
    my ($self) = @_;
    my ( $arrived, $queues, $ready ) = @{$self}{qw(arrived queues ready)};
    my $end = Mojo::Util::steady_time() + $TURN;
    while ( @{$arrived} || @{$ready} ) {

        # Turn and turn about: a long queue must not hold up those of other objects.
        if ( @{$ready} ) {
            my $key   = shift @{$ready};
            my $queue = $queues->{$key};
            my $item  = $queue->{current} ||= shift @{ $queue->{waiting} };
            if ( !$item || !$self->_run( $key, $item ) ) {
                delete $queue->{current};
                if   ( @{ $queue->{waiting} } ) { push @{$ready}, $key }
                else                            { delete $queues->{$key} }
            }
        }
        if ( my ( $key, $item ) = splice @{$arrived}, 0, 2 ) {
            if ( $queues->{$key} ) {
                push @{ $queues->{$key}{waiting} }, $item;
            }
            elsif ( $self->_run( $key, $item ) ) {
                $queues->{$key} = { current => $item, waiting => [] };
            }
        }
        last if Mojo::Util::steady_time() > $end;
    }
    return;
}

# Runs an item; whether it has to be waited for.
sub _run {
    my ( $self, $key, $item ) = @_;
    my $promise = $self->{run}->($item) or return 0;
    my $go_on   = sub {
        push @{ $self->{ready} }, $key;
        $self->_schedule if !$self->{scheduled};
        return;
    };
    $promise->then( $go_on, $go_on );
    return 1;
}

1;
