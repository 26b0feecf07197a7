#!/usr/bin/perl

# Calls, in every form that a program may give them, and what comes of them.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use Data::Dumper  ();
use File::Temp    ();
use Mojo::IOLoop  ();
use Mojo::JSON    ();
use Mojo::Promise ();
use Test::More;

use AsteriskPl;
use FakeServer;

my $PASSWORD = 'geheim';

# A server in a process of its own: what blocks here does not block it. It answers with what it was asked, but of the
# channel "gone" and of the recording "gone".
sub started {
    pipe my $reader, my $writer or die "no pipe: $!\n";
    my $pid = fork // die "cannot fork: $!\n";
    if ( !$pid ) {
        my $server = FakeServer->new;
        $server->{answer} = sub {
            my ( $method, $target, $body ) = @_;
            return 404, { message => 'there is none' } if $target =~ /gone/;
            my %asked = ( method => $method, target => $target, body => $body );
            return 200,
              {
                id           => 'c1',
                name         => 'Ünïcode ✓',
                creationtime => '2026-11-22T06:07:09.739+0000',
                %asked
              };
        };
        $writer->autoflush;
        print {$writer} $server->url, "\n";
        Mojo::IOLoop->start;
        exit;
    }
    chomp( my $url = readline $reader );
    return ( $pid, $url );
}

my ( $pid, $url ) = started();

END {
    my $status = $?;
    if ($pid) {
        kill 'KILL', $pid;
        waitpid $pid, 0;
    }
    $? = $status;    ## no critic (RequireLocalizedPunctuationVars) -- that of the test
}

my $asterisk = AsteriskPl->new( api_url => $url, username => 'user', password => $PASSWORD );

# Path and query of a call, and what it sent.
sub asked {
    my ($call) = @_;
    my $channel = $call->();
    return join q{ }, grep { length } map { $channel->member($_) } qw(method target body);
}

# The message of the error that a call dies of.
sub refused {
    my ($call) = @_;
    my $result = eval { $call->(); 1 };
    return $result ? 'not refused' : $@->message;
}

subtest 'arguments with and without names' => sub {
    my $channels = $asterisk->channels;
    my $get      = 'GET /channels/c%2F1';
    is asked( sub { $channels->get('c/1') } ),                 $get, 'an id without its name';
    is asked( sub { $channels->get( channel_id => 'c/1' ) } ), $get, 'with its name';
    is asked( sub { $channels->get( 'c/1', request_timeout => 5 ) } ), $get, 'and more';
    is asked( sub { $asterisk->get_channel('c/1') } ),                 $get, 'a shortcut';
    my $record = 'POST /channels/c1/record?name=n&format=wav';
    is asked( sub { $channels->record( 'c1', 'n', 'wav' ) } ), $record, 'all that is needed';
    is asked( sub { $channels->record( 'c1', name => 'n', format => 'wav' ) } ), $record,
      'the id alone';
    my $bridge  = $asterisk->new_bridge('b1');
    my $channel = $asterisk->new_channel('c1');
    my $added   = 'POST /bridges/b1/addChannel?channel=c1,c2&mute=true';
    is asked(
        sub { AsteriskPl::Channel->new( $bridge->add_channel( [ $channel, 'c2' ], mute => 1 ) ) } ),
      $added, 'objects for ids';
    is refused( sub { $channels->get } ), 'get: channel_id is missing: the operation needs it',
      'none';
    is refused( sub { $channels->get( channelId => 'c1' ) } ),
      'get: there is no argument "channelId": is channel_id meant?', 'a name in another spelling';
    is refused( sub { $channels->originate( endpiont => 'x' ) } ),
      'originate: there is no argument "endpiont": is endpoint meant?', 'a wrong name';
    is refused( sub { $channels->get( 'c1', channel_id => 'c1' ) } ),
      'get: channel_id is given twice', 'twice';
    like refused( sub { $channel->hangup( channel_id => 'c2' ) } ), qr/no argument "channel_id"/,
      'what the object itself has';
    is refused( sub { $asterisk->get_endpoint('PJSIP') } ),
      'get_endpoint: the id is "PJSIP": two parts joined by "/" are wanted', 'half an id';
};

subtest 'values' => sub {
    my $channels = $asterisk->channels;
    my $muted    = sub {
        my ($mute) = @_;
        return sub {
            AsteriskPl::Channel->new( $asterisk->bridges->add_channel( 'b', 'c', mute => $mute ) );
        };
    };
    for my $true ( 1, Mojo::JSON::true(), \1, !!1 ) {
        like asked( $muted->($true) ), qr/mute=true/, 'true';
    }
    for my $false ( 0, q{}, Mojo::JSON::false(), \0, !!0 ) {
        like asked( $muted->($false) ), qr/mute=false/, 'false';
    }
    is refused( $muted->('no') ), 'add_channel: mute is "no": a boolean, 1 or 0 is wanted',
      'neither';
    is asked( sub { $channels->originate( 'x', timeout => '5', variables => { A => 1 } ) } ),
      'POST /channels?endpoint=x&timeout=5 {"variables":{"A":"1"}}',
      'numbers, and those that are text';
    like refused( sub { $channels->originate( 'x', timeout => '5s' ) } ),
      qr/a whole number is wanted/,
      'what is no number';
    my $circle = {};
    $circle->{circle} = $circle;
    is refused( sub { $channels->originate( 'x', variables => { A => $circle } ) } ),
      'originate: the body cannot be written as JSON: it is nested too deeply', 'what has no end';
    my $channel = $channels->originate('Ünïcode ✓');
    is $channel->member('target'), '/channels?endpoint=%C3%9Cn%C3%AFcode%20%E2%9C%93', 'text there';
    is $channel->name,             'Ünïcode ✓',                                        'and back';
};

subtest 'objects' => sub {
    my $channel = $asterisk->channels->get('c1');
    ok $channel == $asterisk->new_channel('c1'),         'equal ids';
    ok $channel != $asterisk->new_channel('c2'),         'other ids';
    ok !$channel->equals( $asterisk->new_bridge('c1') ), 'another type';
    isnt $asterisk->new_channel->id, $asterisk->new_channel->id, 'ids made here differ';
    my $moment = $channel->creationtime;
    is "$moment", '2026-11-22T06:07:09.739+0000', 'a moment as text';
    cmp_ok abs( $moment - 1_795_327_629.739 ), '<', 0.001, 'and as a number';
    is scalar gmtime $moment, 'Sun Nov 22 06:07:09 2026', 'and as Perl takes it';
    is $channel->state,       undef,                      'a member that did not come';
    like Mojo::JSON::encode_json($channel), qr/"id":"c1"/, 'an object as JSON';

    # An object keeps the library that it came from.
    my $alone = AsteriskPl->new( api_url => $url )->new_channel('c1');
    is $alone->hangup->{method}, 'DELETE', 'the library is kept by its objects';
    eval { AsteriskPl::Channel->new( { id => 'c1' } )->hangup };
    isa_ok $@, 'AsteriskPl::IllegalInputException', 'what an object without a library dies of';
};

subtest 'errors' => sub {
    eval { $asterisk->channels->hangup('gone') };
    my $error = $@;
    isa_ok $error, $_ for qw(AsteriskPl::NotFoundException AsteriskPl::AsteriskException);
    is $error->status, 404,                                         'status';
    is "$error",       '404 there is none (DELETE /channels/gone)', 'one line';
    my $rejected;
    $asterisk->channels->hangup_p('gone')->catch( sub { ($rejected) = @_ } )->wait;
    is "$rejected", "$error", 'the same from a promise';
    $asterisk->channels->get_p->catch( sub { ($rejected) = @_ } )->wait;
    isa_ok $rejected, 'AsteriskPl::IllegalInputException', 'what is refused';

    for my $options (
        [ api_ulr => $url ],
        [ api_url => 'ftp://x' ],
        [ api_url => 'http://u:p@x' ],
        [],
        [ api_url => $url, tls     => { capath => 1 } ],
        [ api_url => $url, timeout => 0 ]
      )
    {
        eval { AsteriskPl->new( @{$options} ) };
        isa_ok $@, 'AsteriskPl::IllegalInputException', "with @{$options}, the error";
    }
};

subtest 'no credentials are shown' => sub {
    $asterisk->get_info;
    $asterisk->get_info_p->wait;
    my $error   = eval { $asterisk->channels->get('gone') } // $@;
    my $secrets = qr/$PASSWORD|Basic/;
    for my $value ( $asterisk, $asterisk->channels, $asterisk->new_channel, $error ) {
        unlike( Data::Dumper::Dumper($value), $secrets, ref $value );
    }
};

subtest 'blocking calls inside a loop turn it' => sub {
    my ( $ticks, @found ) = (0);
    my $timer = Mojo::IOLoop->recurring( 0.001 => sub { $ticks++ } );
    Mojo::IOLoop->next_tick(
        sub {
            my $before = $ticks;
            @found = map { $asterisk->channels->get("c$_")->member('target') } 1 .. 20;
            push @found, eval { $asterisk->channels->get('gone') } // ref $@;
            $ticks -= $before;
            Mojo::IOLoop->stop;
        }
    );
    Mojo::IOLoop->start;
    Mojo::IOLoop->remove($timer);
    is_deeply \@found, [ ( map { "/channels/c$_" } 1 .. 20 ), 'AsteriskPl::NotFoundException' ],
      'answers';
    ok $ticks > 0, 'the loop was turned';
};

subtest 'more promises than connections' => sub {
    my %targets;
    my @promises = map {
        $asterisk->channels->get_p("c$_")->then( sub { $targets{ $_[0]->member('target') }++ } )
    } 1 .. 200;
    Mojo::Promise->all(@promises)->wait;
    is keys %targets, 200, 'all are answered';
};

subtest 'downloads' => sub {
    my $folder     = File::Temp->newdir;
    my $recordings = $asterisk->recordings;
    my $file       = "$folder/greeting";
    my $content    = $recordings->get_stored_file('greeting');
    is $recordings->get_stored_file_to( $file, 'greeting' ), length $content, 'the number of bytes';
    is -s $file,                                             length $content, 'a file';
    my ( $collected, $in_memory ) = ( q{}, q{} );
    $recordings->get_stored_file_to( sub { $collected .= $_[0] }, 'greeting' );
    is $collected, $content, 'code';
    open my $handle, '>', \$in_memory or die "no handle: $!\n";
    $recordings->get_stored_file_to( $handle, recording_name => 'greeting' );
    close $handle or die "no handle: $!\n";
    is $in_memory, $content, 'a handle';
    $recordings->get_stored_file_to_p( "$folder/promised", 'greeting' )->wait;
    is -s "$folder/promised", length $content, 'a promise';
    eval { $recordings->get_stored_file_to( "$folder/gone", 'gone' ) };
    isa_ok $@, 'AsteriskPl::NotFoundException', 'what a missing recording gives';
    eval {
        $recordings->get_stored_file_to( sub { die "enough\n" }, 'greeting' );
    };
    is $@, "enough\n", 'what the code dies of';
    my $rejected;
    my $download = $recordings->get_stored_file_to_p( sub { die "enough\n" }, 'greeting' );
    $download->catch( sub { ($rejected) = @_ } )->wait;
    is $rejected, "enough\n", 'and the promise';
    $collected = q{};
    $recordings->get_stored_file_to(
        sub {
            $collected .= $_[0];
            $recordings->get_stored('greeting');
        },
        'greeting'
    );
    is $collected, $content, 'a call by the code that gets a download';
    eval { $recordings->get_stored_file_to( "$folder/none/greeting", 'greeting' ) };
    like $@, qr/\Acannot write/, 'what a missing folder gives';
    opendir my $entries, $folder or die "no folder: $!\n";
    is_deeply [ sort grep { !/\A[.]/ } readdir $entries ], [qw(greeting promised)],
      'nothing else is left';
};

done_testing;
