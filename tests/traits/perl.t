#!/usr/bin/perl

# The generated Perl library of each trait passes that trait's scenarios.

use strict;
use warnings;

use Replay;
use Scenarios;
use Test::More;

my $replay = Replay->start;
my %drivers;

# The driver of a trait's library.
sub driver {
    my ($api) = @_;
    return $drivers{$api} //= do {
        my $class = 'Traits' . ucfirst $api;
        require( $class . '.pm' );
        Scenarios->new( $class, $replay->control, ucfirst $api );
    };
}

for my $scenario ( driver('forms')->scenarios ) {
    my $played = eval { driver( $scenario->{api} )->play($scenario); 1 };
    ok( $played, $scenario->{id} ) or diag($@);
}

done_testing;
