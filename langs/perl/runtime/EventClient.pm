package Library::Runtime::EventClient;

# The main class of a library whose API tells of events.

use strict;
use warnings;

use parent qw(Library::Runtime::Client Library::Runtime::Observable);

use Mojo::JSON   ();
use Scalar::Util ();

use Library::Exceptions         ();
use Library::Runtime::Entity    ();
use Library::Runtime::Model     ();
use Library::Runtime::Operation ();

# $access is that of Client, and has also `events`, the class of the event table. Among the
# options are those of the WebSocket operation; on_error, called with an error that nobody waits
# for and what failed; and intervals, which changes how long things take, see Events and
# Connector.
sub new {
    my ( $class, $access, %options ) = @_;
    my $self   = $class->SUPER::new( $access, %options );
    my %events = ( options => \%options, table => $access->{events}, subscriptions => {} );

    # A closure shows nothing of itself: a connection knows its password.
    $self->{events} = sub { return \%events };
    return $self;
}

sub DESTROY {
    my ($self) = @_;
    return if ${^GLOBAL_PHASE} eq 'DESTRUCT';
    my $events = $self->{events} && $self->{events}->();
    $events->{stream}->stop if $events && $events->{stream};
    return;
}

sub state {
    my ($self) = @_;
    my $stream = $self->{events}->()->{stream};
    return $stream ? $stream->state : 'closed';
}

sub connect {
    my ($self) = @_;
    $self->event_stream->connect;
    return;
}

sub connect_p {
    my ($self) = @_;
    require Mojo::Promise;
    my $promise = eval { $self->event_stream->connect_p } || Mojo::Promise->reject($@);
    return $promise;
}

sub run {
    my ($self) = @_;
    $self->event_stream->run;
    return;
}

sub stop {
    my ($self) = @_;
    my $stream = $self->{events}->()->{stream};
    $stream->stop(1) if $stream;
    return;
}

sub close {
    my ($self) = @_;
    $self->stop;
    $self->disconnect;
    return;
}

# The events of this library. What they need is loaded by the first program that wants any.
sub event_stream {
    my ($self) = @_;
    my $events = $self->{events}->();
    return $events->{stream} ||= $self->_new_stream($events);
}

sub _new_stream {
    my ( $self, $events ) = @_;
    require Library::Runtime::Connector;
    require Library::Runtime::Events;
    require Library::Runtime::Transport;
    my $facts    = $events->{facts} = Library::Runtime::Model::loaded( $events->{table} )->facts;
    my %options  = %{ $events->{options} };
    my $settings = $self->settings;
    $events->{operation} = Library::Runtime::Operation->new( %{ $facts->{operation} } );
    my $given        = $options{ $facts->{application} // q{} } // [];
    my %once         = ();
    my @applications = grep { !$once{$_}++ } ref $given eq 'ARRAY' ? @{$given} : $given;
    my $connector    = Library::Runtime::Connector->new(
        url        => $settings->{url},
        headers    => $settings->{headers},
        timeout    => $settings->{timeout},
        hints      => $settings->{access}{hints},
        intervals  => $options{intervals},
        user_agent => sub { return _user_agent($settings) },
    );

    # The stream must not keep the library alive, which ends it.
    Scalar::Util::weaken( my $weak = $self );
    return Library::Runtime::Events->new(
        $facts,
        applications => \@applications,
        intervals    => $options{intervals},
        connect      => sub {
            my ( $names, $callbacks, $done ) = @_;
            return $connector->open_up( $weak->_target($names), $callbacks, $done );
        },
        make_event     => $self->_event_maker($facts),
        on_reconnected => sub { return $weak->_resubscribe_p },
        exists         => sub { return $weak->_exists_p(@_) },
        report         => sub { return _report( $options{on_error}, @_ ) },
    );
}

# What opens one WebSocket, in the way of the program's own agent if it gave one.
sub _user_agent {
    my ($settings) = @_;
    my $agent      = Library::Runtime::Transport::user_agent($settings);
    my $own        = $settings->{ua} or return $agent;
    $agent->$_( $own->$_ ) for qw(ca cert insecure key proxy socket_options tls_options transactor);
    return $agent;
}

sub _observed {
    my ($self) = @_;
    my $stream = $self->event_stream;

    # A program that has called nothing means the events from now on.
    my $since = $self->{events}->()->{last_origin} // $stream->sequence;
    return ( $stream, Library::Runtime::History::LIBRARY(), $since );
}

sub origin {
    my ($self) = @_;
    my $events = $self->{events}->();
    my $since  = $events->{last_origin} = $events->{stream} ? $events->{stream}->sequence : 0;
    return { library => sub { return $self }, since => $since };
}

sub succeeded {
    my ( $self, $operation, $arguments ) = @_;
    my $kind          = $operation->{subscription} or return;
    my $subscriptions = $self->{events}->()->{subscriptions};
    my %subscribed    = _subscribed( $operation, $arguments );
    for my $key ( keys %subscribed ) {
        if   ( $kind eq 'remove' ) { delete $subscriptions->{$key} }
        else                       { $subscriptions->{$key} = [ $operation, $subscribed{$key} ] }
    }
    return;
}

# What the call should have made may never come into being.
sub failed {
    my ( $self, $operation, $arguments ) = @_;
    my ( $class, $name ) = @{ $operation->{makes} };
    my $stream = $self->{events}->()->{stream} or return;
    my $id     = _plain( $arguments->{$name} ) // return;
    $stream->expect_end( Library::Runtime::Entity::key_text( $class, $id ) );
    return;
}

# Path and query of the WebSocket.
sub _target {
    my ( $self, $applications ) = @_;
    my ( $options, $facts, $operation ) = @{ $self->{events}->() }{qw(options facts operation)};
    my %arguments;
    for my $name ( map { $_->{as} } @{ $operation->{parameters} } ) {
        $arguments{$name} = $options->{$name} if defined $options->{$name};
    }
    $arguments{ $facts->{application} } = $applications if $facts->{application};
    my $settings = $self->settings;
    my $target   = $operation->request( \%arguments, $settings->{access} )->{target};
    return $settings->{credentials} ? $settings->{credentials}->target($target) : $target;
}

# What makes the program's event of a message and its number.
sub _event_maker {
    my ( $self, $facts ) = @_;
    Scalar::Util::weaken( my $weak = $self );
    my ( $discriminator, $models, $base ) = @{$facts}{qw(discriminator models base)};
    my %classes;
    my $class_of = sub {
        my ($type) = @_;
        $type = $base if !$models->{$type};
        return $classes{$type} = Library::Runtime::Model::loaded("Library::$models->{$type}");
    };

    # The event keeps the library alive, but nothing that the library holds may do so. The
    # events of one tick of the loop share what does it.
    my $held;
    my $hold = sub {
        my $library = $weak;
        Mojo::IOLoop->next_tick( sub { undef $held } );
        return $held = sub { return $library };
    };
    return sub {
        my ( $data, $number ) = @_;
        my $type  = $data->{$discriminator} // q{};
        my $class = $classes{$type} || $class_of->($type);

        my $library = $held || $hold->();
        return $class->new( $data, { library => $library, since => $number } );
    };
}

# Tells the server again what this program wants to hear of, one after the other.
sub _resubscribe_p {
    my ($self) = @_;
    return $self->_subscribe_p( sort keys %{ $self->{events}->()->{subscriptions} } );
}

sub _subscribe_p {
    my ( $self, @keys ) = @_;
    require Mojo::Promise;
    my $subscriptions = $self->{events}->()->{subscriptions};
    my $key           = shift @keys // return Mojo::Promise->resolve;
    my ( $operation, $arguments ) =
      @{ $subscriptions->{$key} || return $self->_subscribe_p(@keys) };

    # A server may have kept the subscription, and may count: one that is made twice outlives the
    # program's call that ends it. So whatever is left of it is taken away first; usually that is
    # nothing.
    my $ended_by = $operation->{ended_by};
    my $ending   = bless { %{$operation}, method => $ended_by, subscription => undef },
      ref $operation;
    my $ended = $ended_by ? $self->_repeat_p( $ending, $arguments ) : Mojo::Promise->resolve;
    return $ended->then(
        sub {
            # The program may have ended it meanwhile.
            return $subscriptions->{$key} && $self->_repeat_p( $operation, $arguments );
        }
    )->then(
        sub {
            my ($refused) = @_;
            if ($refused) {

                # What was subscribed to may be gone by now; that ends nothing else.
                warn "a subscription could not be put back: $refused\n";
                delete $subscriptions->{$key};
            }
            return $self->_subscribe_p(@keys);
        }
    );
}

# Makes a call again; a promise of the error if the server refuses it.
sub _repeat_p {
    my ( $self, $operation, $arguments ) = @_;
    return $self->_quietly_p( $operation, $arguments )->then(
        sub { return },
        sub {
            my ($error) = @_;
            my $answered = Scalar::Util::blessed($error) && $error->can('status') && $error->status;
            die $error if !$answered;
            return $error;
        }
    );
}

# Makes a call that is not the program's: what the program waits for is as old as its own call.
sub _quietly_p {
    my ( $self, $operation, $arguments ) = @_;
    my $events = $self->{events}->();
    local $events->{last_origin} = $events->{last_origin};
    return $self->call_p( $operation, [ %{$arguments} ] );
}

sub _exists_p {
    my ( $self, $key ) = @_;
    require Mojo::Promise;
    my ( $class, $ids ) = split / /, $key;
    $class =~ s/^Library:://;
    my $read = $self->{events}->()->{facts}{reads}{$class} or return Mojo::Promise->resolve(1);
    my ( $resource, $method, @names ) = @{$read};
    my @values    = map { s/%([0-9A-F]{2})/chr hex $1/gre } split m{/}, $ids;
    my $operation = Library::Runtime::Model::loaded("Library::$resource")->find($method);
    my %arguments;
    @arguments{@names} = @values;
    return $self->_quietly_p( $operation, \%arguments )->then(
        sub { return 1 },
        sub {
            my ($error) = @_;
            return 0 if Scalar::Util::blessed($error) && $error->isa('Library::NotFoundException');
            die $error;
        }
    );
}

# Tells the program of an error that nobody waits for.
sub _report {
    my ( $on_error, $what, $error ) = @_;
    $error //= 'undef';
    return if $on_error && eval { $on_error->( $error, $what ); 1 };
    my $text = $on_error ? "$error; and on_error failed: $@" : "$error";
    $text =~ s/\n*\z/\n/;
    warn "$what: $text";
    return;
}

# A key for each thing subscribed to, with the arguments that subscribe to it alone.
sub _subscribed {
    my ( $operation, $given ) = @_;

    # The time limit was for that call.
    my %arguments = %{$given};
    delete $arguments{request_timeout};
    my @parameters = @{ $operation->{parameters} };
    my @place      = (
        $operation->{path},
        map { _plain( $arguments{ $_->{as} } ) } grep { $_->{in} eq 'path' } @parameters
    );
    if ( $operation->{subscription} eq 'replace' ) {
        return ( Mojo::JSON::encode_json( [ 'replace', @place ] ) => \%arguments );
    }
    my %subscribed;
    for my $name ( map { $_->{as} } grep { ( $_->{type} // q{} ) eq 'list' } @parameters ) {
        my $value = $arguments{$name} // [];
        for my $item ( map { _plain($_) } ref $value eq 'ARRAY' ? @{$value} : $value ) {
            my $key = Mojo::JSON::encode_json( [ 'add', @place, $item ] );
            $subscribed{$key} = { %arguments, $name => [$item] };
        }
    }
    return %subscribed;
}

sub _plain {
    my ($value) = @_;
    my $is_entity = Scalar::Util::blessed($value) && $value->isa('Library::Runtime::Entity');
    return $is_entity ? join q{/}, Library::Runtime::Entity::ids_of($value) : $value;
}

1;
