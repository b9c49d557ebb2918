import {createTrainingState,createTrainer,planWeights,wholeVocabulary} from './dist/index.js';
import {startEngine} from '@layerwise/engine';
import {parseEncoderConfig,denseHead,dropoutSites,packBatch,meanTargets,layerOf,architectureOf} from '@layerwise/model';
import {paperGrouping,assignGroups,recipes} from '@layerwise/optimizers';
const [L,H,A,B=16,T=64,steps=20,drop=0.1]=process.argv.slice(2).map(Number);
const config=parseEncoderConfig('bench',{model_type:'bert',vocab_size:30522,hidden_size:H,intermediate_size:4*H,num_hidden_layers:L,num_attention_heads:A,hidden_dropout_prob:drop,attention_probs_dropout_prob:drop});
const head=denseHead('head.original',H,2);const grouping=paperGrouping(L);
const plan=planWeights(config,wholeVocabulary(30522),n=>assignGroups({...grouping},[n],undefined)[0],[{head,group:9}]);
const sites=dropoutSites(config,drop,true);
let t0=performance.now();
const state=createTrainingState({plan,recipe:recipes.adam,limits:{texts:B,length:T},sites,accumulate:false});
for(const p of plan.layout.places){const v=state.parameters.floats.subarray(p.offset,p.offset+p.length);if(/LayerNorm.weight/.test(p.name))v.fill(1);else if(!/bias/.test(p.name))for(let i=0;i<v.length;i++)v[i]=(Math.random()-.5)*.069}
console.log('state',performance.now()-t0);t0=performance.now();
const engine=await startEngine('onnxruntime');const trainer=await createTrainer(engine,2,state,{config,head,labels:2},sites);console.log('compile',performance.now()-t0);
const ts=[];const rates=grouping.groups.map(()=>1e-5);
for(let s=0;s<steps;s++){const t=performance.now();
 const tok={offsets:Int32Array.from({length:B+1},(_,i)=>i*T),ids:Int32Array.from({length:B*T},()=>1000+Math.floor(Math.random()*28000)),types:new Uint8Array(B*T)};
 const packed=packBatch(tok,Array.from({length:B},(_,i)=>i));
 const loss=await trainer.step([{packed,targets:meanTargets(Array.from({length:B},()=>Math.random()<.5?0:1),2),labels:2}],{step:s+1,rates,clipNorm:null,randomness:{seed:1,phase:0,step:s}});
 ts.push(performance.now()-t);if(s<2||s===steps-1)console.log(s,loss,ts.at(-1))}
ts.splice(0,2);ts.sort((a,b)=>a-b);console.log('median',ts[ts.length>>1],'min',ts[0],'rss',process.resourceUsage().maxRSS/1024);
