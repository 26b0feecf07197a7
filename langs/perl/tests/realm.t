#!/usr/bin/perl

# The realm library against the reference server: what its users do, from the token to the last page.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp    ();
use Mojo::File    ();
use Mojo::Promise ();
use Test::More;
use Time::HiRes ();

use RealmPl qw(NULL);
use RealmServer;

# All calls of the example data.
my @YEAR = ( start_datetime => '2026-01-01 00:00:00', end_datetime => '2026-12-31 23:59:59' );

my $server = RealmServer->start('--port=0');
my $folder = File::Temp->newdir;

sub library {
    my ( $application, @options ) = @_;
    return RealmPl->new( $server->credentials($application), @options );
}

sub error_of {
    my ($action) = @_;
    return eval { $action->(); 1 } ? undef : $@;
}

# What a promise gives, or dies of.
sub settled {
    my ($promise) = @_;
    my ( $value, $error );
    $promise->then( sub { ($value) = @_ }, sub { ($error) = @_ } )->wait;
    die $error if defined $error;
    return $value;
}

my $realm = library('director');

subtest 'who asks' => sub {
    is $realm->rate_limit, undef, 'no answer yet';
    my $user = $realm->user->get;
    is_deeply [ $user->login, $user->client_id, $user->extension_id ], [ 'director', 1, undef ],
      'the user';
    ok( ( grep { $_ eq 'Europe/Minsk' } @{ $realm->timezones->list } ), 'the zones' );
    my $limit = $realm->rate_limit;
    $realm->user->get;
    is $realm->rate_limit->remaining, $limit->remaining - 1, 'what is left of the limit';
    cmp_ok $limit->reset, '<=', 3600, 'for an hour at most';
    is settled(
        RealmPl->new( api_url => $server->url, token => $server->token('anna') )->user->get_p )
      ->login, 'anna', 'a token of the program\'s own';
};

subtest 'filters must all hold' => sub {
    my $extensions = $realm->client('@me')->extensions;
    my $phones     = $extensions->list( extension_group_id => 1, type => 'phone' );
    is_deeply [ map { $_->name } @{$phones} ], [ '1844*101', '1844*102' ],        'what fits';
    is_deeply $extensions->list( extension_group_id => 14, type => 'queue' ), [], 'nothing does';
    my $sounds = $realm->client(1)->sounds->list( id => [ 1, 2 ] );
    is_deeply [ sort map { $_->id } @{$sounds} ], [ 1, 2 ], 'one of several values';
};

subtest 'an extension by its name and its id' => sub {
    for my $way ( '@1844*101', '@101', '1', 1 ) {
        is $realm->extension($way)->phone->get->label, 'Anna', "as $way";
    }
};

subtest 'a thing from its making to its end' => sub {
    my $extensions = $realm->client('@me')->extensions;
    my @new        = ( name => '1844*109', type => 'phone', label => 'Dora' );
    my $made       = $extensions->add( @new, extension_group_id => 14 );
    is_deeply [ $made->label, $made->extension_group_id ], [ 'Dora', 14 ], 'it is made';
    my $changed = $extensions->update( $made->id, extension_group_id => NULL );
    is_deeply [ $changed->label, $changed->extension_group_id ], [ 'Dora', undef ],
      'what is left out stays, and a null clears';
    is_deeply $extensions->get( $made->id )->TO_JSON, $changed->TO_JSON, 'it is kept';
    is $extensions->delete( $made->id ), undef, 'it is deleted';
    my $error = error_of( sub { $extensions->get( $made->id ) } );
    isa_ok $error, 'RealmPl::NotFoundException';
    is $error->status, 404, 'it is gone';
};

subtest 'what the server calls an error' => sub {
    my $extensions = $realm->client('@me')->extensions;
    my $taken      = error_of( sub { $extensions->add( name => '1844*101', type => 'phone' ) } );
    isa_ok $taken, 'RealmPl::IllegalInputException';
    is $taken->status, 400, 'an answer';
    like $taken->message, qr/taken/, 'that says why';
    my $denied = error_of( sub { library('anna')->client(1)->extensions->list } );
    isa_ok $denied, 'RealmPl::NotAuthorizedException';
    is_deeply [ $denied->status, $denied->code ], [ 403, 'access_denied' ], 'its own word';
    my $unknown =
      error_of(
        sub { RealmPl->new( $server->credentials('director'), client_secret => '?' )->user->get } );
    isa_ok $unknown, 'RealmPl::NotAuthorizedException';
    is $unknown->status,  401,                                  'no token for a wrong secret';
    is $unknown->message, 'no token was given: invalid_client', 'as the server says';
};

subtest 'the own id in another realm' => sub {
    my $told =
      error_of(
        sub { library( 'director', user_type => 'client' )->extension('@me')->phone->get } );
    isa_ok $told, 'RealmPl::IllegalInputException';
    is $told->status, undef, 'refused here';
    my $untold = error_of( sub { $realm->extension('@me')->phone->get } );
    isa_ok $untold, 'RealmPl::IllegalInputException';
    is $untold->status, 400, 'refused there, where the type is not known';
    is library( 'anna', user_type => 'extension' )->extension('@me')->phone->get->label, 'Anna',
      'in its own';
};

subtest 'a recording, and where it is stored' => sub {
    my $record = $realm->client('@me')->records->iterate(@YEAR)->next;
    my $file   = "$folder/record.mp3";
    my @told;
    my $size =
      $realm->client('@me')
      ->record( $record->record_uuid )
      ->get_to( $file, progress => sub { push @told, [@_] } );
    is $size, $record->record_file_size, 'its size';
    is_deeply $told[-1], [ $size, $size ], 'how far it is';
    my $bytes = Mojo::File->new($file)->slurp;
    my $url   = $realm->client('@me')->record( $record->record_uuid )->storage_url->get->record_url;
    ok $realm->fetch($url) eq $bytes, 'the same from its storage';
    @told = ();
    is settled( $realm->fetch_to_p( $file, $url, progress => sub { push @told, [@_] } ) ), $size,
      'into a file';
    is_deeply $told[-1], [ $size, $size ], 'how far that is';
    isa_ok error_of( sub { $realm->fetch( $url . 'x' ) } ), 'RealmPl::NotFoundException';
};

subtest 'an upload' => sub {
    my $sounds = $realm->client('@me')->sounds;
    my @told;
    my $sound = $sounds->add(
        title    => 'Welcome',
        file     => "$folder/record.mp3",
        progress => sub { push @told, [@_] },
    );
    is $sound->title, 'Welcome',    'it is made';
    is $told[-1][0],  $told[-1][1], 'and was sent as a whole';
    cmp_ok $told[-1][0], '>', -s "$folder/record.mp3", 'with what is around it';
    is settled( $sounds->replace_p( $sound->id, file => "$folder/record.mp3" ) )->id, $sound->id,
      'other content';
    is_deeply [ sort map { $_->title } @{ $sounds->list( title => [ 'Welcome', 'Calm music' ] ) } ],
      [ 'Calm music', 'Welcome' ], 'two of several';
    $sounds->delete( $sound->id );
};

subtest 'recordings of a year, page by page' => sub {
    my $records = $realm->client('@me')->records;
    my $all     = $records->iterate( @YEAR, per_page => 1 )->all;
    my @times   = map { $_->init_time_gmt } @{$all};
    is_deeply \@times, [ sort { $b cmp $a } @times ], 'the newest first';
    is scalar @times, 5, 'each of them';
    is_deeply [ map { $_->init_time_gmt } @{ $records->iterate( @YEAR, order => 'asc' )->all } ],
      [ reverse @times ], 'the oldest first';
    is scalar @{ settled( $realm->extension_group(14)->records->iterate(@YEAR)->all_p ) }, 2,
      'of a group, with promises';
    my $calls = $realm->client(1)->calls->iterate( @YEAR, per_page => 3 );
    my %seen;
    while ( my $call = $calls->next ) { $seen{ $call->call_uuid }++ }
    is_deeply [ values %seen ], [ (1) x 10 ], 'calls, each once';
    isa_ok error_of( sub { $records->list(@YEAR) } ), 'RealmPl::IllegalInputException';
    is scalar @{ $realm->client(1)->extensions->iterate( per_page => 2 )->all },
      scalar @{ $realm->client(1)->extensions->list }, 'extensions, page by page';
};

subtest 'many at once' => sub {
    my $client = $realm->client('@me');
    my @names;
    settled(
        Mojo::Promise->all( map { $client->extensions->get_p($_) } 1 .. 6 )->then(
            sub {
                @names = map { $_->[0]->name } @_;
                return;
            }
        )
    );
    is_deeply \@names, [ map { "1844*$_" } 101 .. 103, 200, 300, 400 ], 'each has its answer';
};

subtest 'a limit, and tokens that the server has forgotten' => sub {
    my $first = RealmServer->start( '--port=0', '--rate-limit=3' );
    my $own   = RealmPl->new( $first->credentials('director') );
    $own->user->get for 1 .. 3;
    is $own->rate_limit->remaining, 0, 'nothing is left';
    my $error = error_of( sub { $own->user->get } );
    isa_ok $error, 'RealmPl::RequestRejectedException';
    is_deeply [ $error->status, $error->code ], [ 429, 'rate_limit_exceeded' ],
      'then it is refused';
    is $own->rate_limit->remaining, 0, 'as the answer says';
    my $port = $first->port;
    $first->stop;

    # One that gives tokens for a second.
    my $second = RealmServer->start( "--port=$port", '--token-seconds=1' );
    is $own->user->get->login, 'director', 'another token is fetched';
    Time::HiRes::sleep(1.1);
    is settled( $own->user->get_p )->login, 'director', 'one that ended is renewed';
    is $own->user->get->login,              'director', 'for both kinds of calls';
    isa_ok error_of(
        sub { RealmPl->new( api_url => $second->url, token => 'forgotten' )->user->get } ),
      'RealmPl::NotAuthorizedException';
};

subtest 'the program in the guide' => sub {
    my $guide  = Mojo::File->new( $ENV{GUIDE} // 'docs/realm.md' )->slurp;
    my $url    = $server->url;
    my $text   = join "\n", $guide =~ /^```perl\n(.*?)^```$/gms;
    my $places = $text =~ s{http://localhost:8080/api/ver1.0}{$url}g;
    is $places, 1, 'it says once where the server is';
    open my $file, '>:raw', "$folder/guide.pl" or die "cannot write the program: $!\n";
    print {$file} $text;
    close $file;
    local $ENV{PERL5LIB} = join q{:}, @INC;
    my $said = qx{cd "$folder" && "$^X" -w guide.pl 2>&1};
    is $?, 0, 'it runs' or diag $said;
    like $said,   qr/^404 no code Not found$/m, 'to its last lines';
    like $said,   qr/give the id/,              'and tells of what is refused';
    like $said,   qr/requests are left/,        'and of the limit';
    unlike $said, qr/uninitialized/,            'without a warning';
};

done_testing;
