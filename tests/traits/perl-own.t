#!/usr/bin/perl

# What no scenario of the traits can say: bytes and their mistakes, streams, calls at the same time, what is shown.

use strict;
use warnings;
use utf8;

use Data::Dumper  ();
use File::Temp    ();
use Mojo::IOLoop  ();
use Mojo::Promise ();
use Test::More;

use FakeServer;
use TraitsBytes;
use TraitsClients;
use TraitsFiles;
use TraitsForms;
use TraitsNulls    ();
use TraitsStyles   ();
use TraitsSwagger2 ();
use TraitsTokens;

# What a promise gives, or dies of.
sub settled {
    my ($promise) = @_;
    my ( $value, $error, $failed );
    $promise->then( sub { ($value) = @_ }, sub { ( $failed, $error ) = ( 1, @_ ) } )->wait;
    die $error if $failed;
    return $value;
}

# The message of the error that a call dies of before anything is sent; with promises it is the same.
sub refused {
    my ( $object, $method, @arguments ) = @_;
    my @messages;
    for my $call ( sub { $object->$method(@arguments) },
        sub { my $twin = "${method}_p"; settled( $object->$twin(@arguments) ) } )
    {
        my $result = eval { $call->(); 1 };
        push @messages, $result ? 'not refused' : $@->message;
    }
    is( $messages[1], $messages[0], "$method: both refuse alike" );
    return $messages[0];
}

# A server that answers as it is told, and what it was asked.
sub serving {
    my ($answer) = @_;
    my $server = FakeServer->new;
    my @asked;
    $server->{answer} = sub {
        my ( $method, $target, $body ) = @_;
        push @asked, [ $method, $target, $body ];
        return $answer->( $method, $target, $body );
    };
    return ( $server, \@asked );
}

# Nobody listens there.
my $NOWHERE = 'http://127.0.0.1:1/x';

subtest 'bytes and base64' => sub {
    my $keys = TraitsBytes->new( api_url => $NOWHERE )->keys;
    like( refused( $keys, add => "\x00\xFF" ), qr/\\\$?|no base64/, 'bytes without a reference' );
    like( refused( $keys, add => \"\x{263A}" ),
        qr/key holds characters that are no bytes/, 'characters' );
    like( refused( $keys, add => 'YQ==', others => ['?'] ), qr/others .*no base64/, 'in a list' );
};

subtest 'what is no file' => sub {
    my $sounds = TraitsFiles->new( api_url => $NOWHERE )->sounds;
    my $folder = File::Temp->newdir;
    like( refused( $sounds, upload => '/no/such/file' ), qr/cannot be read: No such/, 'a path' );
    like( refused( $sounds, upload => "$folder" ),       qr/is a folder/,             'a folder' );
    like( refused( $sounds, upload => {} ),              qr/there is no file/,        'a hash' );
    like( refused( $sounds, upload => ['x'] ),           qr/there is no file/, 'a name alone' );
    like( refused( $sounds, upload => \"\x{263A}" ),     qr/characters/,       'characters' );
    open my $text, '<:encoding(UTF-8)', __FILE__ or die "cannot read: $!\n";
    like( refused( $sounds, upload => $text ), qr/open it with :raw/, 'a handle for text' );
    close $text;
};

subtest 'a large file is read while it is sent' => sub {
    my $file = File::Temp->new;
    binmode $file;
    print {$file} 'not sent', 'x' x 300_000;
    $file->flush;
    seek $file, 8, 0;
    my ( $server, $asked ) = serving( sub { return 200, {} } );
    my $files = TraitsFiles->new( api_url => $server->url );
    settled( $files->sounds->replace_p( '1', $file ) );
    is( length $asked->[0][2], 300_000, 'from where it stood' );
    settled( $files->sounds->upload_p( $file->filename ) );
    cmp_ok( length $asked->[1][2], '>', 300_008, 'a path: the whole of it' );
    seek $file, 8, 0;
    $files->sounds->replace_p( '1', $file )->catch( sub { } );
    ok( fileno $file, 'a handle of the program stays open' );
    $server->stop;
};

subtest 'a file that gets shorter' => sub {
    my $file = File::Temp->new;
    print {$file} 'x' x 200_000;
    $file->flush;
    my ( $server, $asked ) = serving( sub { return 200, {} } );
    my $files   = TraitsFiles->new( api_url => $server->url );
    my $promise = $files->sounds->upload_p( $file->filename );
    truncate $file, 10;
    ok( !eval { settled($promise); 1 }, 'the call fails' );
    like( $@->message, qr/became shorter/, 'and says why' );
    is( scalar @{$asked}, 0, 'nothing was asked' );
    $server->stop;
};

subtest 'NULL' => sub {
    ok( !defined &main::NULL, 'nothing is exported unasked' );
    TraitsNulls->import('NULL');
    my $null = TraitsNulls::NULL();
    is( NULL(),  $null,  'a constant' );
    is( "$null", 'NULL', 'which reads as its name' );
    ok( !$null,                    'and is false' );
    ok( !TraitsFiles->can('NULL'), 'there is none where nothing takes it' );
};

subtest 'calls at the same time share a token' => sub {
    my ( $server, $asked ) = serving(
        sub {
            my ( $method, $target ) = @_;
            return 200, { access_token => 't-1', expires_in => 60 } if $target =~ /token/;
            return 200, ['a'];
        }
    );
    my $library = TraitsClients->new(
        api_url       => $server->url,
        client_id     => 'me',
        client_secret => 'geheim'
    );
    settled( Mojo::Promise->all( map { $library->things->list_p } 1 .. 5 ) );
    is( scalar( grep { $_->[1] =~ /token/ } @{$asked} ), 1, 'one was fetched' );
    is( scalar @{$asked},                                6, 'for all calls' );
    unlike( Data::Dumper::Dumper( $library, $library->things ), qr/geheim|t-1/, 'none is shown' );
    $server->stop;
};

subtest 'a failure to get a token is forgotten' => sub {
    my $fails = 1;
    my ( $server, $asked ) = serving(
        sub {
            my ( $method, $target ) = @_;
            return 200, ['a'] if $target !~ /token/;
            return $fails-- > 0 ? ( 503, {} ) : ( 200, { access_token => 't-1' } );
        }
    );
    my $library =
      TraitsClients->new( api_url => $server->url, client_id => 'me', client_secret => 's' );
    ok( !eval { settled( $library->things->list_p ); 1 }, 'no token' );
    is_deeply( settled( $library->things->list_p ), ['a'], 'the next call asks again' );
    $server->stop;
};

subtest 'credentials that cannot be' => sub {
    my @cases = (
        [ TraitsClients => client_id => 'me' ],
        [ TraitsClients => client_id => 'me', client_secret => 'geheim', token => 'geheim' ],
        [ TraitsClients => username  => 'me', password => 'geheim' ],
        [ TraitsTokens  => token     => "geheim\n" ],
        [ TraitsTokens  => token     => q{} ],
        [ TraitsTokens  => token     => 't', username => 'me', password => 'geheim' ],
        [ TraitsTokens  => x_api_key => "geheim\x{E4}" ],
        [ TraitsTokens  => api_key   => 'geheim' ],
    );
    for my $case (@cases) {
        my ( $class, %options ) = @{$case};
        my $made = eval { $class->new( api_url => $NOWHERE, %options ); 1 };
        ok( !$made, join q{ }, 'refused:', sort keys %options );
        isa_ok( $@, "${class}::IllegalInputException" );
        unlike( Data::Dumper::Dumper($@), qr/geheim/, 'no secret is shown' );
    }
    my $library = TraitsTokens->new( api_url => $NOWHERE, token => sub { return "bad\n" } );
    like( refused( $library->things, 'list' ), qr/token is not fit/, 'code that gives no token' );
};

subtest 'where the API is' => sub {
    like( eval { TraitsForms->new; 1 } ? 'made' : "$@", qr/api_url is undef/,
        'an example is none' );
};

subtest 'what holds itself' => sub {
    my %circle;
    $circle{self} = \%circle;
    my $forms = TraitsForms->new( api_url => $NOWHERE );
    isnt( refused( $forms->orders, place => 'x', extras  => \%circle ), 'not refused', 'as JSON' );
    isnt( refused( $forms->orders, place => 'x', address => \%circle ), 'not refused', 'deep' );
};

done_testing;
