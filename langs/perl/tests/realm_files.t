#!/usr/bin/perl

# Files that go there and back, and how far they are; links; the limit of requests; the server's words for errors.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Carp       ();
use File::Temp ();
use Mojo::File ();
use Test::More;

use AnsweringServer;
use RealmPl;

my $BYTES = join q{}, map { chr $_ % 256 } 1 .. 300_000;

# What the server answers by the end of a path: status, body and headers.
my %ANSWERS = (
    whole    => [ 200, $BYTES ],
    empty    => [ 200, q{} ],
    chunked  => [ 200, $BYTES, { 'Transfer-Encoding' => 'chunked' } ],
    gone     => [ 404, { message => 'Record not found' } ],
    denied   => [ 403, { message => 'No', status => 'access_denied' } ],
    numbered => [ 403, { message => 'No', status => 403, code => "\x{43d}\x{435}\x{442}" } ],
    mixed    => [ 400, { error   => 'invalid_request', error_description => 'It is wrong' } ],
    bare     => [ 400, { error   => 'invalid_request' } ],
    moved    => [ 302, q{}, { Location => '/storage/whole' } ],
    counted  => [
        429,
        { message => 'Slowly', status => 'rate_limit_exceeded' },
        { 'X-RateLimit-Limit' => 10, 'X-RateLimit-Remaining' => 0, 'X-RateLimit-Reset' => 17.5 }
    ],
);

my $server = AnsweringServer->new(
    sub {
        my ($request) = @_;
        my ($name)    = $request->{target} =~ m{/([a-z]+)(?:[?].*)?\z};
        my @answer    = @{ $name && $ANSWERS{$name} || [ 200, {} ] };
        return @answer if $answer[2];
        return @answer[ 0, 1 ], { 'Set-Cookie' => 'a=b' } if $request->{target} =~ /storage/;
        return @answer[ 0, 1 ],
          { 'X-RateLimit-Limit' => 10, 'X-RateLimit-Remaining' => 9, 'X-RateLimit-Reset' => 60 };
    }
);

my $folder = File::Temp->newdir;
my $file   = "$folder/file";

my $realm   = RealmPl->new( api_url => $server->url, token => 'geheim' );
my $client  = $realm->client(5);
my $storage = $server->place . '/storage';

# A promise's value, or its error.
sub settled {
    my ($promise) = @_;
    my ( $value, $error );
    $promise->then( sub { ($value) = @_ }, sub { ($error) = @_ } )->wait;
    die $error if defined $error;
    return $value;
}

sub error_of {
    my ($action) = @_;
    return eval { $action->(); 1 } ? undef : $@;
}

sub content {
    my ($path) = @_;
    return Mojo::File->new($path)->slurp;
}

# What a call tells of its progress: the last numbers, and whether they only grew.
sub progress {
    my ($call) = @_;
    my ( @last, $shrank );
    $call->(
        sub {
            $shrank = 1 if @last && $_[0] < $last[0];
            @last   = @_;
        }
    );
    return $shrank ? ['shrank'] : \@last;
}

# Calls, and their twins, as code that gets what is to be called.
my @KINDS = (
    [ 'blocking', sub { my ( $on, $name, @arguments ) = @_; return $on->$name(@arguments) } ],
    [
        'with promises',
        sub {
            my ( $on, $name, @arguments ) = @_;
            $name .= '_p';
            return settled( $on->$name(@arguments) );
        }
    ],
);

for my $kind (@KINDS) {
    my ( $how, $call ) = @{$kind};

    subtest "$how: downloads" => sub {
        my $records = $client->records;
        my $size    = length $BYTES;
        is_deeply progress(
            sub {
                my ($told) = @_;
                is $call->( $records, 'get_to', $file, 'whole', progress => $told ), $size,
                  'its size';
            }
          ),
          [ $size, $size ], 'how far it is';
        ok content($file) eq $BYTES, 'the content';
        is_deeply progress( sub { $call->( $records, 'get_to', $file, 'empty', progress => @_ ) } ),
          [ 0, 0 ], 'nothing';
        my $thing = $client->record('whole');
        is_deeply progress( sub { $call->( $thing, 'get_to', $file, progress => @_ ) } ),
          [ $size, $size ], 'of the thing itself';
        my $error = error_of(
            sub {
                $call->(
                    $records, 'get_to', "$file.2", 'whole', progress => sub { die "enough\n" }
                );
            }
        );
        is $error, "enough\n", 'what it dies of ends the call';
        is_deeply [ glob "$file.2*" ], [], 'and leaves nothing';
        ok $call->( $records, 'get', 'whole' ) eq $BYTES, 'the next call is a good one';
        like error_of( sub { $call->( $records, 'get_to', $file, 'whole', progress => 'x' ) } ),
          qr/get: progress is "x": code is wanted/, 'what is no code';
        my @whole = ( record_uuid => 'whole' );
        like error_of(
            sub {
                $call->( $records, 'get', @whole, progress => sub { } );
            }
          ),
          qr/no argument "progress"/, 'where nothing is written';
    };

    subtest "$how: uploads" => sub {
        my $sounds = $client->sounds;
        my @sound  = ( title => 'x', file => [ 'x.wav', \$BYTES ] );
        my $last   = progress( sub { $call->( $sounds, 'add', @sound, progress => @_ ) } );
        my ($sent) = reverse grep { $_->{method} eq 'POST' } $server->asked;
        is_deeply $last, [ ( $sent->{headers}{'Content-Length'} ) x 2 ], 'how far it is';
        like $sent->{body},   qr/name="title"\r\n\r\nx\r\n/, 'what goes there';
        unlike $sent->{body}, qr/progress/,                  'and what does not';
        pipe my $reader, my $writer or Carp::croak("no pipe: $!");
        print {$writer} 'some bytes';
        close $writer;
        $last =
          progress(
            sub { $call->( $sounds, 'add', title => 'x', file => $reader, progress => @_ ) } );
        is $last->[1], undef, 'where nobody knows the size';
        is error_of(
            sub {
                $call->( $sounds, 'add', @sound, progress => sub { die "enough\n" } );
            }
          ),
          "enough\n", 'what it dies of ends the call';
        like error_of( sub { $call->( $sounds, 'add', @sound, progress => 5 ) } ),
          qr/add: progress is 5: code is wanted/, 'what is no code';
        ok $call->( $sounds, 'list' ), 'the next call is a good one';
    };

    subtest "$how: links" => sub {
        $server->asked;
        ok $call->( $realm, 'fetch', "$storage/whole?sig=a%2Bb&x=%C3%BC#part" ), 'the bytes';
        my ($sent) = $server->asked;
        is $sent->{target}, '/storage/whole?sig=a%2Bb&x=%C3%BC', 'the URL as it is';
        is_deeply [ grep { /authorization|cookie|ratelimit/i } keys %{ $sent->{headers} } ], [],
          'no credentials';
        like $sent->{headers}{'User-Agent'}, qr{\ARealmPl/}, 'the name of the library';
        $call->( $realm, 'fetch', "$storage/whole" ) for 1 .. 2;
        is_deeply [ grep { $_->{headers}{Cookie} } $server->asked ], [], 'no cookies';
        my $size = length $BYTES;
        is_deeply progress(
            sub { is $call->( $realm, 'fetch_to', $file, "$storage/whole", progress => @_ ), $size }
          ),
          [ $size, $size ], 'into a file';
        ok content($file) eq $BYTES,                               'its content';
        ok $call->( $realm, 'fetch', "$storage/moved" ) eq $BYTES, 'after a redirection';
        my $error =
          error_of( sub { $call->( $realm, 'fetch_to', "$file.3", "$storage/gone?sig=geheim" ) } );
        isa_ok $error, 'RealmPl::NotFoundException';
        is "$error", '404 Record not found (GET /storage/gone)',
          'what is not there, without its query';
        ok !-e "$file.3", 'no file';
        is error_of( sub { $call->( $realm, 'fetch', "$storage/denied" ) } )->hint, undef,
          'no hint about the API';

        for my $url (
            undef,          q{},       'x',            '/storage/whole',
            'ftp://host/x', 'http://', 'https://a b/', 'http://u:p@host/x',
            "http://host/\n"
          )
        {
            my $refused = error_of( sub { $call->( $realm, 'fetch', $url ) } );
            isa_ok $refused, 'RealmPl::IllegalInputException';
            like $refused->message, qr/\Afetch: url is /, 'what is no URL';
        }
        like error_of(
            sub {
                $call->( $realm, 'fetch', "$storage/whole", progress => sub { } );
            }
          ),
          qr/no argument "progress"/, 'no progress where nothing is written';
        like error_of( sub { $call->( $realm, 'fetch', "$storage/whole", request_timeout => 0 ) } ),
          qr/request_timeout is 0/, 'a time that is none';
        isa_ok error_of( sub { $call->( $realm, 'fetch', 'http://127.0.0.1:1/x' ) } ),
          'RealmPl::ConnectionFailedException';
    };

    subtest "$how: the limit of requests" => sub {
        my $own = RealmPl->new( api_url => $server->url, token => 't' );
        is $own->rate_limit, undef, 'nothing before an answer';
        $call->( $own, 'fetch', "$storage/whole" );
        is $own->rate_limit, undef, 'nor after a link';
        $call->( $own->client(5)->limit, 'get' );
        my $limit = $own->rate_limit;
        is_deeply [ $limit->limit, $limit->remaining, $limit->reset ], [ 10, 9, 60 ],
          'what an answer says';
        error_of( sub { $call->( $own->client(5)->records, 'get', 'counted' ) } );
        is_deeply $own->rate_limit->TO_JSON, { limit => 10, remaining => 0, reset => undef },
          'an error too; what is no whole number is not there';
        is_deeply [ $limit->remaining ], [9], 'what was said stays';
    };

    subtest "$how: the server's own words" => sub {
        my $told = sub {
            my ($name) = @_;
            my $error = error_of( sub { $call->( $client->records, 'get', $name ) } );
            return [ $error->message, $error->code ];
        };
        is_deeply $told->('denied'), [ 'No', 'access_denied' ], 'status';
        is_deeply $told->('numbered'), [ 'No', "\x{43d}\x{435}\x{442}" ],
          'code, where status is a number';
        is_deeply $told->('mixed'), [ 'It is wrong', 'invalid_request' ],
          'error, beside its description';
        is_deeply $told->('bare'), [ 'invalid_request',  undef ], 'none where it is the message';
        is_deeply $told->('gone'), [ 'Record not found', undef ], 'none';
    };
}

done_testing;
