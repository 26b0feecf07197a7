#!/usr/bin/env perl

# Plays a sound to everybody whose call is in a Stasis application: announce.pl URL USER PASSWORD SOUND

use strict;
use warnings;

use AsteriskPl;

# Plays the sound; the names of the channels that hear it.
sub announce {
    my ( $asterisk, $sound ) = @_;
    my @heard;
    for my $channel ( @{ $asterisk->channels->list } ) {
        next if $channel->dialplan->app_name ne 'Stasis';
        $channel->play( media => $sound );
        push @heard, $channel->name;
    }
    return @heard;
}

# A test that loads this file calls announce itself.
if ( !caller ) {
    my ( $url, $user, $password, $sound ) = @ARGV;
    my $asterisk = AsteriskPl->new( api_url => $url, username => $user, password => $password );
    print map { "$_\n" } announce( $asterisk, $sound );
}

1;
