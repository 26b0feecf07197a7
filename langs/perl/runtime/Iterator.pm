package Library::Runtime::Iterator;

# All that a list holds, item by item. Its pages, and windows of time, are asked for when they are needed.

use strict;
use warnings;

use Digest::SHA  ();
use List::Util   qw(max min);
use Scalar::Util qw(blessed);

use Library::Runtime::Client ();

my $TIME = qr/\A(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:[.,](\d+))?)?\z/a;

my @DAYS = ( 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 );

# What is asked for: "library", "operation", which lists, "name", the method that the program called, "given", its
# arguments and those of the place, and "items", the attribute of the result that holds the list, if it is not the
# result itself. Arguments that are wrong are refused here; nothing is sent yet.
sub new {
    my ( $class, %how )         = @_;
    my ( $library, $operation ) = @how{qw(library operation)};
    my $access = $library->settings->{access};
    my %query = map { $_->{name} => $_ } grep { $_->{in} eq 'query' } @{ $operation->{parameters} };
    my $paging = _found( \%query, $access->{paging},  qw(page size) );
    my $times  = _found( \%query, $access->{windows}, qw(start end) );
    undef $times if $times && grep { !$times->{$_}{required} } qw(start end);

    # The numbers of pages are not the program's.
    my $page  = $paging ? $paging->{page} : q{};
    my $known = bless {
        %{$operation},
        as => $how{name},
        map {
            my $kind = $_;
            ( $kind => [ grep { $_ ne $page } @{ $operation->{$kind} } ] )
        } qw(parameters required)
      },
      ref $operation;
    my $arguments = $known->arguments( @{ $how{given} } );
    $library->request_of( $known, $arguments );
    my $size = $paging && ( $arguments->{ $paging->{size}{as} } //= $paging->{usual} );
    return bless {
        library   => sub { return $library },
        operation => $operation,
        arguments => $arguments,
        items     => $how{items},
        paging    => $paging,

        # A server may have smaller pages than it was asked for, but hardly than what is usual.
        whole   => $paging ? min( $size, $paging->{usual} )         : undef,
        windows => $times  ? _windows( $known, $times, $arguments ) : { count => 1 },
        window  => 0,
        page    => 1,
        ready   => [],

        # Digests of what there was in this window, and in the one before.
        seen   => {},
        before => {},
    }, $class;
}

# The next item; undef after the last one. A call that failed is made again by the next one.
sub next {
    my ($self) = @_;
    return Library::Runtime::Client::waited( $self->next_p ) if $self->{last};
    while ( !@{ $self->{ready} } ) {
        my $question = $self->_question or return;
        $self->_take( $self->{library}->()->call( $self->{operation}, $question ) );
    }
    return shift @{ $self->{ready} };
}

# A promise of it.
sub next_p {
    my ($self) = @_;
    require Mojo::Promise;
    my $item =
      ( $self->{last} // Mojo::Promise->resolve )->then( sub { return scalar $self->_next_p } );

    # One after the other: there is one list.
    my $ended = sub { delete $self->{last} if !--$self->{waiting}; return };
    $self->{waiting}++;
    $self->{last} = $item->then( $ended, $ended );
    return $item;
}

# All that is left, in a list.
sub all {
    my ($self) = @_;
    my @items;
    while ( defined( my $item = $self->next ) ) { push @items, $item }
    return \@items;
}

# A promise of it.
sub all_p {
    my ( $self, @items ) = @_;
    return $self->next_p->then(
        sub {
            my ($item) = @_;
            return defined $item ? $self->all_p( @items, $item ) : \@items;
        }
    );
}

sub _next_p {
    my ($self) = @_;
    return shift @{ $self->{ready} } if @{ $self->{ready} };
    my $question = $self->_question or return;
    return $self->{library}->()
      ->call_p( $self->{operation}, $question )
      ->then( sub { $self->_take(@_); return scalar $self->_next_p } );
}

# The arguments of the next call, if there is one to make.
sub _question {
    my ($self) = @_;
    return if $self->{window} == $self->{windows}{count};
    my %arguments = %{ $self->{arguments} };
    if ( my $between = $self->{windows}{between} ) {
        my ( $start, $end ) = @{ $self->{windows} }{qw(start end)};
        @arguments{ $start, $end } = $between->( $self->{window} );
    }
    $arguments{ $self->{paging}{page}{as} } = $self->{page} if $self->{paging};
    return \%arguments;
}

# Takes an answer: what has not been there yet is ready.
sub _take {
    my ( $self, $result ) = @_;
    my $name = $self->{items};
    $result = $result->$name if defined $name && blessed $result;
    my @items = ref $result eq 'ARRAY' ? @{$result} : ();
    my ( $seen, $before ) = @{$self}{qw(seen before)};
    for my $item ( grep { defined } @items ) {
        my $digest = _digest($item);
        push @{ $self->{ready} }, $item if !$before->{$digest} && !$seen->{$digest};
        $seen->{$digest} = 1;
    }
    if ( $self->{paging} && @items >= $self->{whole} ) {
        $self->{page}++;
        return;
    }

# What happens meanwhile moves items on to the next page, and windows share the second at their border.
    @{$self}{qw(before seen page)} = ( $seen, {}, 1 );
    $self->{window}++;
    return;
}

sub _digest {
    my ($item) = @_;
    require Mojo::JSON;
    return Digest::SHA::sha1( Mojo::JSON::encode_json($item) );
}

# What the access says, with the parameters that it names instead of their names, if the operation has all of them.
sub _found {
    my ( $query, $access, @names ) = @_;
    return if !$access || grep { !$query->{ $access->{$_} } } @names;
    my %found = %{$access};
    $found{$_} = $query->{ $access->{$_} // q{} } for @names, exists $found{order} ? 'order' : ();
    return \%found;
}

# The windows of a time: how many, and what between() tells, the beginning and the end of each.
sub _windows {
    my ( $operation, $times, $arguments ) = @_;
    my ( $start,     $end ) = map { $_->{as} } @{$times}{qw(start end)};
    my ( $first,     $last ) =
      map { _moment( $operation, $_, $arguments->{ $_->{as} } ) } @{$times}{qw(start end)};
    $operation->refuse( $times->{start},
        qq{is "$arguments->{$start}", later than $end, "$arguments->{$end}"} )
      if $first->{key} gt $last->{key};

# A window begins where the one before ends, in the last second of a month: what happened in it after the answer
# was made was not there. Where a request may touch one month only, it is the second after.
    my $step    = max( 1, $times->{months} - 1 );
    my $border  = $first->{month} + $times->{months} - 1;
    my $count   = 1 + max( 0, int( ( $last->{month} - $border + $step - 1 ) / $step ) );
    my $order   = $times->{order};
    my $oldest  = !$order || ( $arguments->{ $order->{as} } // q{} ) eq 'asc';
    my $between = sub {
        my ($number) = @_;
        $number = $count - 1 - $number if !$oldest;
        my $over = $border + $number * $step;
        my $from =
           !$number               ? $arguments->{$start}
          : $times->{months} == 1 ? sprintf( '%04d-%02d-01 00:00:00', _year_and_month($over) )
          :                         _end_of_month( $over - $step );
        return ( $from, $number == $count - 1 ? $arguments->{$end} : _end_of_month($over) );
    };
    return { count => $count, start => $start, end => $end, between => $between };
}

# A time: its month, and what it is compared by.
sub _moment {
    my ( $operation, $parameter, $text ) = @_;
    if ( my ( $year, $month, $day, @time ) = $text =~ $TIME ) {
        my ( $hour, $minute, $second, $fraction ) = map { $_ // 0 } @time;
        my $number = $year * 12 + $month - 1;
        return {
            month => $number,
            key   => "$year-$month-$day "
              . join( q{:}, map { sprintf '%02d', $_ } $hour, $minute, $second ) . '.'
              . $fraction =~ s/0+\z//r,
          }
          if $year >= 1
          && $month >= 1
          && $month <= 12
          && $day >= 1
          && $day <= _days($number)
          && $hour < 24
          && $minute < 60
          && $second < 60;
    }
    return $operation->refuse( $parameter,
        qq{is "$text": a time such as "2026-11-22 14:30:00" is wanted} );
}

sub _year_and_month {
    my ($number) = @_;
    return ( int( $number / 12 ), $number % 12 + 1 );
}

sub _days {
    my ($number) = @_;
    my ( $year, $month ) = _year_and_month($number);
    my $leaps = $month == 2 && $year % 4 == 0 && ( $year % 100 != 0 || $year % 400 == 0 );
    return $DAYS[ $month - 1 ] + ( $leaps ? 1 : 0 );
}

sub _end_of_month {
    my ($number) = @_;
    return sprintf '%04d-%02d-%02d 23:59:59', _year_and_month($number), _days($number);
}

1;

__END__

=encoding utf8

=head1 NAME

Library::Runtime::Iterator - all that a list holds, item by item

=head1 SYNOPSIS

    while ( my $item = $items->next ) {
        ...
    }

=head1 DESCRIPTION

Nothing is asked for before the first item is, and a further page only when it is needed. What changes
meanwhile may move items on to a later page; an item that has been there already is not given twice.
Of a time that is longer than a request may be for, one part is asked for after the other: from the
oldest if the order is C<asc>, else from the newest.

=head1 METHODS

=head2 next

The next item; C<undef> after the last one. It dies as the call does by which it asks; the next C<next>
asks again.

=head2 next_p

A L<Mojo::Promise> of it.

=head2 all

All items that are left, in an array reference.

=head2 all_p

A L<Mojo::Promise> of it.

=cut
