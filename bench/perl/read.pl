#!/usr/bin/perl

# Reads COUNT user events, and writes how many seconds they took: read.pl LIBRARY URL COUNT

use strict;
use warnings;

use Mojo::IOLoop ();
use Time::HiRes  ();

my ( $library, $url, $count ) = @ARGV;
my ( $started, $read ) = ( 0, 0 );

# Takes the number of the next event, which must be the next.
sub take {
    my ($number) = @_;
    $started = Time::HiRes::time() if !$read;
    die "$number after $read\n" if $number != $read;
    return                      if ++$read < $count;
    print Time::HiRes::time() - $started, "\n";
    exit;
}

if ( $library eq 'bare' ) {
    require Mojo::UserAgent;
    my $ua = Mojo::UserAgent->new( inactivity_timeout => 0 );
    $ua->websocket(
        "$url/events?app=bench" => sub {
            my ( undef, $tx ) = @_;
            $tx->on( json => sub { take( $_[1]{userevent}{n} ) } );
        }
    );
    Mojo::IOLoop->start;
}
else {
    require AsteriskPl;
    my $asterisk = AsteriskPl->new( api_url => $url, app => 'bench' );
    my $handler  = sub { take( $_[0]->userevent->{n} ); return };
    $asterisk->add_event_handler( ChannelUserevent => $handler );
    $asterisk->run;
}
