package Library::Runtime::Dispatch;

# The queues that handlers run in: in order, one at a time for each object.

use strict;
use warnings;

use Mojo::IOLoop ();
use Mojo::Util   ();
use Scalar::Util ();

use Library::Runtime::Loop ();

# Seconds for which handlers may run before the reader gets its turn.
my $TURN = 0.01;

# Runs items: those of one key in order, and none before what the one before it gave has
# settled. $run->($owner, $item) runs an item; it must not die. It gives nothing when the item
# is done, else what to wait for before it is run again to go on.
sub new {
    my ( $class, $owner, $run ) = @_;
    my $self = bless {
        owner => $owner,
        run   => $run,

        # (key, item) in the order of arrival, so that what need not wait happens in that order.
        arrived => [],

        # Key -> the current item and those waiting behind it, for the keys whose items have to
        # wait.
        queues => {},

        # Keys whose queue may go on.
        ready     => [],
        scheduled => 0,
    }, $class;
    Scalar::Util::weaken( $self->{owner} );
    return $self;
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
    else                                                  { $self->{scheduled} = 0 }
    return;
}

sub _work {
    my ($self) = @_;
    my ( $owner, $run, $arrived, $queues, $ready ) = @{$self}{qw(owner run arrived queues ready)};
    return if !$owner;
    my $end  = Mojo::Util::steady_time() + $TURN;
    my $done = 0;
    while ( @{$arrived} || @{$ready} ) {

        # Turn and turn about: a long queue must not hold up those of other objects.
        $self->_go_on if @{$ready};
        if ( @{$arrived} ) {
            my $key  = shift @{$arrived};
            my $item = shift @{$arrived};
            if ( $queues->{$key} ) {
                push @{ $queues->{$key}{waiting} }, $item;
            }
            elsif ( my $promise = $run->( $owner, $item ) ) {
                $queues->{$key} = { current => $item, waiting => [] };
                $self->_await( $key, $promise );
            }
        }

        # Looking at the clock takes longer than many a handler.
        last if !( ++$done % 4 ) && Mojo::Util::steady_time() > $end;
    }
    return;
}

# Goes on with a queue that had to wait.
sub _go_on {
    my ($self)  = @_;
    my $key     = shift @{ $self->{ready} };
    my $queue   = $self->{queues}{$key};
    my $item    = $queue->{current} ||= shift @{ $queue->{waiting} };
    my $promise = $item && $self->{run}->( $self->{owner}, $item );
    if ($promise) {
        $self->_await( $key, $promise );
        return;
    }
    delete $queue->{current};
    if ( @{ $queue->{waiting} } ) { push @{ $self->{ready} }, $key }
    else                          { delete $self->{queues}{$key} }
    return;
}

sub _await {
    my ( $self, $key, $promise ) = @_;
    my $settled = sub {
        push @{ $self->{ready} }, $key;
        $self->_schedule if !$self->{scheduled};
        return;
    };
    $promise->then( $settled, $settled );
    return;
}

1;
