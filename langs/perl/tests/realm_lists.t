#!/usr/bin/perl

# Long lists, item by item: pages, and windows of time.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Mojo::Promise ();
use Mojo::URL     ();
use Test::More;

use AnsweringServer;
use RealmPl;

# The server has this many extensions in pages of 100 at most; in front of them come new ones while a list is asked for
# page by page with a type of "busy". Its recordings are asked for with a time, and are those of %RECORDS.
my $EXTENSIONS = 250;

# uuid => time
my %RECORDS = (
    'in-january'  => '2026-01-15 12:00:00',
    'at-border'   => '2026-02-28 23:59:59.5',
    'before-it'   => '2026-02-28 23:59:59',
    'in-march'    => '2026-03-03 08:00:00',
    'in-may'      => '2026-05-31 23:59:58',
    'in-december' => '2026-12-24 18:00:00',
);

my $server = AnsweringServer->new(
    sub {
        my ( $request, $memory ) = @_;
        my $url   = Mojo::URL->new( $request->{target} );
        my %query = %{ $url->query->to_hash };
        return _extensions( $memory, %query ) if $url->path =~ /extension/;
        return _records( $memory, %query )    if $url->path =~ /record/;
        return 200, { call_list => [] }       if $url->path =~ /current/;
        my @calls = map { { call_uuid => "c$_" } } 1 .. ( $query{page} == 1 ? 2 : 1 );
        return 200, { page => $query{page}, per_page => 2, calls => \@calls };
    }
);

sub _extensions {
    my ( $memory, %query ) = @_;
    my @all = 1 .. $EXTENSIONS;
    if ( ( $query{type} // q{} ) eq 'ivr' ) {
        unshift @all, map { 1000 - $_ } reverse 1 .. 3 * $memory->{new}++;
    }
    elsif ( ( $query{type} // q{} ) eq 'fax' && $query{page} == 2 && !$memory->{failed}++ ) {
        return 429, { message => 'Slowly', status => 'rate_limit_exceeded' };
    }
    my $size  = $query{per_page} > 100 ? 100 : $query{per_page};
    my $first = ( $query{page} - 1 ) * $size;
    return 200,
      [ map { { id => $_, name => "n$_" } } grep { defined } @all[ $first .. $first + $size - 1 ] ];
}

sub _records {
    my ( $memory, %query ) = @_;
    my ( $start,  $end )   = @query{qw(start_datetime end_datetime)};
    my @found = sort { $RECORDS{$a} cmp $RECORDS{$b} }
      grep { $RECORDS{$_} ge $start && $RECORDS{$_} le $end . '.999' } keys %RECORDS;
    @found = reverse @found if ( $query{order} // 'desc' ) eq 'desc';
    return 200, [ map { { record_uuid => $_, init_time_gmt => $RECORDS{$_} } } @found ];
}

my $realm  = RealmPl->new( api_url => $server->url, token => 't' );
my $client = $realm->client('@me');

# What lists asked the server: its values of these parameters.
sub asked {
    my (@names) = @_;
    return map {
        my $query = Mojo::URL->new( $_->{target} )->query;
        join q{ }, map { $query->param($_) // q{-} } @names
    } $server->asked;
}

sub error_of {
    my ($action) = @_;
    return eval { $action->(); 1 } ? undef : $@;
}

sub ids {
    my ($items) = @_;
    return [ map { $_->id } @{$items} ];
}

sub uuids {
    my ($items) = @_;
    return [ map { $_->record_uuid } @{$items} ];
}

subtest 'a page is asked for when it is needed' => sub {
    my $extensions = $client->extensions->iterate( extension_group_id => 1 );
    is_deeply [ $server->calls ], [], 'nothing before the first item';
    is $extensions->next->id, 1, 'the first';
    is_deeply [ $server->calls ],
      ['GET /client/%40me/extension/?extension_group_id=1&page=1&per_page=100'], 'one page';
    $extensions->next for 2 .. 100;
    is_deeply [ $server->calls ], [], 'it is enough for a hundred';
    is $extensions->next->id, 101, 'the next one';
    is_deeply [ asked('page') ],       [2],            'is on the next page';
    is_deeply ids( $extensions->all ), [ 102 .. 250 ], 'all others';
    is_deeply [ asked('page') ],       [3],            'a page that is not full is the last one';
    is $extensions->next, undef, 'the end';
    is $extensions->next, undef, 'stays one';
    is_deeply [ $server->calls ], [], 'without a call';
};

subtest 'sizes' => sub {
    is_deeply ids( $client->extensions->iterate( per_page => 125 )->all ), [ 1 .. 250 ],
      'a server that has smaller pages than it was asked for';
    is_deeply [ asked(qw(page per_page)) ], [ '1 125', '2 125', '3 125' ], 'its pages are whole';
    is scalar @{ $client->extensions->iterate( per_page => 50 )->all }, 250, 'smaller ones';
    is_deeply [ asked(qw(page per_page)) ], [ map { "$_ 50" } 1 .. 6 ], 'the last one may be empty';
};

subtest 'what moves to the next page is given once' => sub {
    my $items = $client->extensions->iterate( type => 'ivr' )->all;
    is_deeply ids($items),       [ 1 .. 250 ], 'each extension';
    is_deeply [ asked('page') ], [ 1 .. 3 ],   'of three pages';
};

subtest 'an error' => sub {
    my $extensions = $client->extensions->iterate( type => 'fax' );
    $extensions->next for 1 .. 100;
    my $error = error_of( sub { $extensions->next } );
    is $error->status,        429,                   'comes where its page is asked for';
    is $error->code,          'rate_limit_exceeded', 'with the word of the server';
    is $extensions->next->id, 101,                   'the call is made again';
    is_deeply [ asked('page') ], [ 1, 2, 2 ], 'for the same page';
};

subtest 'promises' => sub {
    my $extensions = $client->extensions->iterate( per_page => 100 );
    my @got;
    Mojo::Promise->all( map { $extensions->next_p } 1 .. 101 )->then(
        sub {
            @got = map { $_->[0]->id } @_;
        }
    )->wait;
    is_deeply \@got,             [ 1 .. 101 ], 'many at once, one after the other';
    is_deeply [ asked('page') ], [ 1, 2 ],     'each page once';
    my $waiting = $extensions->next_p;
    is $extensions->next->id, 103, 'one that blocks waits for those before it';
    $waiting->then( sub { @got = $_[0]->id } )->wait;
    is_deeply \@got, [102], 'which are not lost';
    $extensions->all_p->then( sub { @got = @{ ids( $_[0] ) } } )->wait;
    is_deeply \@got, [ 104 .. 250 ], 'all';
    $extensions->next_p->then( sub { @got = @_ } )->wait;
    is_deeply \@got, [undef], 'the end';
    $server->asked;
};

subtest 'inside a loop that runs' => sub {
    my @got;
    Mojo::IOLoop->next_tick(
        sub {
            my $extensions = $client->extensions->iterate;
            push @got, $extensions->next->id for 1 .. 101;
            Mojo::IOLoop->stop;
        }
    );
    Mojo::IOLoop->start;
    is_deeply \@got, [ 1 .. 101 ], 'it is turned';
    $server->asked;
};

subtest 'a list within an object' => sub {
    my @time  = ( start_datetime => '2026-01-01 00:00:00', end_datetime => '2026-01-02 00:00:00' );
    my $calls = $client->calls->iterate( @time, per_page => 2 )->all;
    is_deeply [ map { ref . q{ } . $_->call_uuid } @{$calls} ],
      [ 'RealmPl::Call c1', 'RealmPl::Call c2' ], 'its items, each once';
    is_deeply [ asked('page') ], [ 1, 2 ], 'of all pages';
    ok !$client->current_calls->can('iterate'), 'none where there are no pages';
};

# The windows that are asked for, and what comes.
sub records {
    my ( $start, $end, @more ) = @_;
    my @time  = ( start_datetime => $start, end_datetime => $end );
    my $items = uuids( $client->records->iterate( @time, @more )->all );
    return { items => $items, asked => [ asked(qw(start_datetime end_datetime)) ] };
}

subtest 'windows of time' => sub {
    my @whole  = ( '2026-01-01 00:00:00', '2026-12-31 23:59:59' );
    my $found  = records( @whole, order => 'asc' );
    my @oldest = ( 'in-january', 'before-it', 'at-border', 'in-march', 'in-may', 'in-december' );
    is_deeply $found->{items}, \@oldest, 'all, each once, in order';
    is_deeply [ @{ $found->{asked} }[ 0 .. 2, -1 ] ],
      [
        '2026-01-01 00:00:00 2026-02-28 23:59:59',
        '2026-02-28 23:59:59 2026-03-31 23:59:59',
        '2026-03-31 23:59:59 2026-04-30 23:59:59',
        '2026-11-30 23:59:59 2026-12-31 23:59:59',
      ],
      'a window begins where the last one ends, and has two months at most';
    is scalar @{ $found->{asked} }, 11, 'no more than it takes';
    $found = records(@whole);
    is_deeply $found->{items}, [ reverse @oldest ], 'the newest first';
    is $found->{asked}[0], '2026-11-30 23:59:59 2026-12-31 23:59:59', 'and their windows';
    $found = records( '2024-02-29 10:00:00,25', '2024-03-31 23:59:59.75' );
    is_deeply $found->{asked}, ['2024-02-29 10:00:00,25 2024-03-31 23:59:59.75'],
      'two months are one window, and times are sent as they are given';
    $found = records( '2023-12-31 23:59:59', '2024-02-01 00:00:00' );
    is_deeply $found->{asked},
      [ '2024-01-31 23:59:59 2024-02-01 00:00:00', '2023-12-31 23:59:59 2024-01-31 23:59:59' ],
      'the end of a year';
    $found = records( '2024-01-01 00:00:00', '2024-01-01 00:00:00' );
    is scalar @{ $found->{asked} }, 1, 'a moment';
};

subtest 'a window is not asked for before it is needed' => sub {
    my $records = $client->records->iterate(
        start_datetime => '1970-01-01 00:00:00',
        end_datetime   => '2026-12-31 00:00:00',
    );
    is $records->next->record_uuid, 'in-december', 'the newest';
    is scalar( $server->calls ),    1,             'in one call';
};

subtest 'where a request may be for one month only' => sub {
    local $realm->settings->{access}{windows}{months} = 1;
    my $found = records( '2026-01-31 23:59:59', '2026-03-05 00:00:00', order => 'asc' );
    is_deeply $found->{asked},
      [
        '2026-01-31 23:59:59 2026-01-31 23:59:59',
        '2026-02-01 00:00:00 2026-02-28 23:59:59',
        '2026-03-01 00:00:00 2026-03-05 00:00:00',
      ],
      'windows do not share a second';
};

subtest 'where it may be for three' => sub {
    local $realm->settings->{access}{windows}{months} = 3;
    my $found = records( '2026-01-10 00:00:00', '2026-07-01 00:00:00', order => 'asc' );
    is_deeply $found->{asked},
      [
        '2026-01-10 00:00:00 2026-03-31 23:59:59',
        '2026-03-31 23:59:59 2026-05-31 23:59:59',
        '2026-05-31 23:59:59 2026-07-01 00:00:00',
      ],
      'each as long as may be';
};

subtest 'what is refused at once' => sub {
    my $refused = sub {
        my ( $place, @arguments ) = @_;
        my $error = error_of( sub { $place->iterate(@arguments) } ) or return 'not refused';
        isa_ok $error, 'RealmPl::IllegalInputException';
        return $error->message;
    };
    like $refused->( $client->extensions, page => 2 ), qr/\Aiterate: there is no argument "page"/,
      'a page';
    is $refused->( $client->extensions, per_page => 0 ), 'iterate: per_page is 0: the least is 1',
      'a size that is none';
    like $refused->( $client->records, start_datetime => '2026-01-01 00:00:00' ),
      qr/\Aiterate: end_datetime is missing/, 'no end';
    my @end = ( end_datetime => '2026-01-01 00:00:00' );
    is $refused->( $client->records, start_datetime => '2026-01-01 00:00:00.5', @end ),
      'iterate: start_datetime is "2026-01-01 00:00:00.5", later than end_datetime, '
      . '"2026-01-01 00:00:00"', 'a start after the end';
    for my $time (
        '2026-02-29 00:00:00',
        '2026-13-01 00:00:00',
        '2026-01-01 24:00:00',
        '2025-04-31 00:00:00'
      )
    {
        is $refused->( $client->records, start_datetime => $time, @end ),
          qq{iterate: start_datetime is "$time": a time such as "2026-11-22 14:30:00" is wanted},
          "$time, which is no time";
    }
    like $refused->( $client->records, start_datetime => '2026-01-01T00:00:00', @end ),
      qr/does not match/, 'another form';
    like $refused->( $realm->client('abc')->extensions ), qr/\Aiterate: client_id is "abc"/,
      'an id that is none';
    is_deeply [ $server->calls ], [], 'without a call';
};

done_testing;
