#!/usr/bin/perl

# How fast the Perl library is, beside the bare modules it stands on.
#
# Machines differ, and one machine differs from minute to minute: two programs take turns, each
# turn gives a ratio, and the median of the ratios is the figure.

use strict;
use warnings;

use FindBin       ();
use HTTP::Tiny    ();
use IPC::Open2    ();
use MIME::Base64  ();
use Mojo::JSON    ();
use Mojo::Promise ();
use Test::More;
use Time::HiRes ();

use AsteriskPl;

my ( $url, $user, $password ) = @ENV{qw(ASTERISK_URL ASTERISK_USERNAME ASTERISK_PASSWORD)};

sub median {
    my (@values) = @_;
    return ( sort { $a <=> $b } @values )[ @values / 2 ];
}

# Lets two programs take turns: the median of the ratios of their times; both times are told.
sub ratio {
    my ( $figure, $turns, $ours, $theirs ) = @_;
    my ( @ours, @theirs );
    for ( 1 .. $turns ) {
        push @theirs, $theirs->();
        push @ours,   $ours->();
    }
    my $ratio = median( map { $ours[$_] / $theirs[$_] } 0 .. $#ours );
    diag sprintf '%-40s %.4g ms, bare %.4g ms, ratio %.2f', $figure, 1000 * median(@ours),
      1000 * median(@theirs), $ratio;
    return $ratio;
}

# Seconds that something takes.
sub timed {
    my ($action) = @_;
    my $started = Time::HiRes::time();
    $action->();
    return Time::HiRes::time() - $started;
}

# What a program of this folder writes.
sub written {
    my (@command) = @_;
    open my $output, q{-|}, $^X, ( map { "-I$_" } @INC ), @command
      or die "cannot run @command: $!\n";
    my $line = readline $output;
    close $output or die "@command failed\n";
    return $line;
}

subtest 'GET /asterisk/info, blocking: at most 1.5 times a kept-alive HTTP::Tiny' => sub {
    my $authorization = 'Basic ' . MIME::Base64::encode_base64( "$user:$password", q{} );
    my %headers       = ( Authorization => $authorization );
    my $http          = HTTP::Tiny->new( default_headers => \%headers );
    my $asterisk = AsteriskPl->new( api_url => $url, username => $user, password => $password );
    my $bare     = sub {
        my $answer = Mojo::JSON::decode_json( $http->get("$url/asterisk/info")->{content} );
        die "no answer\n" if !$answer->{system}{version};
    };
    my $ours = sub { die "no answer\n" if !$asterisk->get_info->system->version };
    $_->() for $bare, $ours;
    my $block = sub {
        my ($call) = @_;
        return sub {
            return timed( sub { $call->() for 1 .. 100 } ) / 100;
        };
    };
    my $ratio = ratio( 'GET /asterisk/info', 15, $block->($ours), $block->($bare) );
    cmp_ok( $ratio, '<=', 1.5, 'the median of the ratios' );
};

for my $count ( 2_000, 100_000 ) {
    subtest "$count events: at least 0.7 times the rate of a bare reader" => sub {
        my $pid  = IPC::Open2::open2( my $output, undef, $^X, "$FindBin::Bin/flood.pl", $count );
        my $port = readline $output;
        chomp $port;
        my @programs = map {
            my $library = $_;
            sub {
                return written( "$FindBin::Bin/read.pl", $library, "http://127.0.0.1:$port",
                    $count );
            }
        } qw(library bare);
        my $ratio = ratio( "$count events", 9, @programs );
        kill TERM => $pid;
        waitpid $pid, 0;

        # Rates are the other way round than times.
        cmp_ok( 1 / $ratio, '>=', 0.7, 'the median of the ratios' );
    };
}

subtest '100,000 events of a real server are all delivered' => sub {
    my $total = $ENV{EVENTS} // 100_000;
    my $asterisk =
      AsteriskPl->new( api_url => $url, username => $user, password => $password, app => 'bench' );
    $asterisk->connect;
    my ( %seen, $next );
    $asterisk->add_event_handler(
        ChannelUserevent => sub { $seen{ $_[0]->userevent->{n} }++; return } );
    my $send;
    $send = sub {
        my $n = $next++ // 0;
        return if $n >= $total;
        return $asterisk->events->user_event_p(
            event_name  => 'count',
            application => 'bench',
            variables   => { n => $n }
        )->then($send);
    };
    Mojo::Promise->all( map { $send->() } 1 .. 8 )->wait;
    my $end = time + 30;
    Mojo::Promise->timer(0.1)->wait while keys %seen < $total && time < $end;
    is( scalar keys %seen, $total, 'all' );
    $asterisk->close;
};

done_testing;
