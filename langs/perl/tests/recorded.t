#!/usr/bin/perl

# The generated library makes the recorded requests and reads the recorded answers.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use AsteriskPl;
use Replay;
use Scenarios;
use Test::More;

my $replay = Replay->start;
my $driver = Scenarios->new( 'AsteriskPl', $replay->control );
for my $scenario ( $driver->scenarios ) {
    my $played = eval { $driver->play($scenario); 1 };
    ok( $played, $scenario->{id} ) or diag($@);
}

done_testing;
